import process from 'node:process'
import { expect, test } from 'vitest'
import { bring, shownBy } from './arrival.ts'
import { Correspondent } from './correspondent.ts'
import type { Headless } from './headless.ts'
import { ScriptedModel, type Dialect, type Reply } from './model.ts'
import { processesOf } from './processes-of.ts'
import { fencedTexts } from './sightings.ts'
import { requireTool, type ToolName } from './tools.ts'

/** Milliseconds that one run of a hook may cost on a busy machine: alone it takes a fifth of that. */
const hookMs = 500
/** Hooks of a turn without tools: at its prompt and at its end. */
const hooksPerTurn = 2
/** Runs of each kind. The fastest counts: whatever else the machine does only makes runs slower. */
const rounds = 3
/** Milliseconds that a shim has to end after its assistant. */
const endMs = 5_000

interface Runner {
  run(prompt: string): Headless
}

interface HeadlessAssistant {
  readonly title: string
  readonly program: ToolName
  readonly dialect: Dialect
  /** What its model calls the tool that shows unread mail. */
  readonly checkTool: string
  /** The name that its shims register by themselves. */
  readonly name: string
  readonly prepare: (
    rose: Correspondent,
    options: { readonly program: string; readonly model: ScriptedModel; readonly hooks: boolean },
  ) => Runner | Promise<Runner>
}

const done: Reply = { kind: 'text', text: 'Done.' }

/** A run without a person is as if there were no hooks: neither they nor mail prolong it or change its answer. */
export function testHeadlessRuns({ title, program, dialect, checkTool, name, prepare }: HeadlessAssistant): void {
  test(`${title} ends as fast with hooks as without, mail or no mail`, async (context) => {
    const path = requireTool(program, context)
    const model = await ScriptedModel.start(dialect)
    const [silent, rose] = [await Correspondent.start(), await Correspondent.start()]
    const bare = await prepare(silent, { program: path, model, hooks: false })
    const hooked = await prepare(silent, { program: path, model, hooks: true })
    const withMail = await prepare(rose, { program: path, model, hooks: true })

    /** Milliseconds of one run, which makes so many requests and leaves nothing of ours behind. */
    const time = async ({ run }: Runner, requests = 1): Promise<number> => {
      const before = model.requests.length
      const { code, stdout, ms } = await run('Good morning.').ended
      expect(await processesOf([silent, rose], / hook /)).toEqual([])
      const ended = { code, stdout, requests: model.requests.length - before }
      expect(ended).toEqual({ code: 0, stdout: 'Done.\n', requests })
      await expect.poll(() => processesOf([silent, rose], /./), { timeout: endMs }).toEqual([])
      return Math.round(ms)
    }
    let last = ''
    const times = { bare: [] as number[], hooked: [] as number[], withMail: [] as number[] }
    for (let round = 0; round < rounds; round += 1) {
      model.answer = () => done
      times.bare.push(await time(bare))
      times.hooked.push(await time(hooked))
      // It comes before the model's last words, so that the end of the turn finds it.
      model.answer = async () => {
        last = await bring(rose, name, 'nobody asks for it')
        return done
      }
      times.withMail.push(await time(withMail))
    }
    const [without, hooks, mail] = [times.bare, times.hooked, times.withMail].map((all) => Math.min(...all))
    process.stdout.write(`${title}, in ms: ${without} without hooks, ${hooks} with them, ${mail} with mail\n`)
    expect(hooks).toBeLessThan(without! + hooksPerTurn * hookMs)
    expect(mail).toBeLessThan(without! + hooksPerTurn * hookMs)

    // Not shown is not lost.
    const start = model.requests.length
    model.answer = ({ index }) => (index === start ? { kind: 'call', tool: checkTool, args: {} } : done)
    await time(await prepare(rose, { program: path, model, hooks: false }), 2)
    expect(fencedTexts(model.requests.at(-1)!)).toContain('nobody asks for it')
    expect(await shownBy(rose, last)).toEqual(['tool_result'])
  })
}
