import process from 'node:process'
import { expect, test } from 'vitest'
import { bring } from './arrival.ts'
import { done, name, sceneWithHooks, sceneWithPlugin, type Scene } from './claude-code-setup.ts'
import { processesOf } from './processes-of.ts'

/** Milliseconds that one run of a hook may cost on a busy machine. */
const hookMs = 500
/** Runs of each kind, of which the middle one counts. */
const rounds = 3

const without = 'without hooks'

interface Way {
  readonly title: string
  readonly scene: Scene
  /** Hooks that run in one turn without tools. */
  readonly hooks: number
}

test(
  'claude -p ends as fast with hooks and plugin as without, mail or no mail',
  { timeout: 90_000 },
  async (context) => {
    const ways: readonly Way[] = [
      { title: without, scene: await sceneWithHooks(context, {}), hooks: 0 },
      { title: 'hooks', scene: await sceneWithHooks(context, { context: true, wake: true }), hooks: 6 },
      { title: 'plugin', scene: await sceneWithPlugin(context), hooks: 3 },
    ]
    const times = new Map<string, number[]>()
    for (let round = 0; round < rounds; round += 1) {
      for (const { title, scene } of ways) {
        for (const hasMail of title === without ? [false] : [false, true]) {
          const key = keyOf(title, hasMail)
          times.set(key, [...(times.get(key) ?? []), await time(scene, hasMail)])
        }
      }
    }
    const medians = new Map([...times].map(([key, all]) => [key, middle(all)]))
    process.stdout.write(`claude -p, medians in ms: ${JSON.stringify(Object.fromEntries(medians))}\n`)
    for (const { title, hooks } of ways) {
      for (const hasMail of [false, true]) {
        if (title === without) continue
        const limit = medians.get(keyOf(without, false))! + hooks * hookMs
        expect(medians.get(keyOf(title, hasMail))).toBeLessThan(limit)
      }
    }
  },
)

function keyOf(title: string, hasMail: boolean): string {
  return `${title}, ${hasMail ? 'mail' : 'no mail'}`
}

/** Milliseconds of one run without those of its model; it leaves its mail unread and nothing of ours behind. */
async function time({ rose, model, claude }: Scene, hasMail: boolean): Promise<number> {
  const before = model.requests.length
  let modelMs = 0
  model.answer = async ({ index }) => {
    const startedAt = performance.now()
    // It comes before the model's last words, so that the end of the turn finds it.
    if (hasMail && index === before) await bring(rose, name, 'nobody asks for it')
    modelMs = performance.now() - startedAt
    return done
  }
  const { code, stdout, stderr, ms } = await claude.run('Good morning.').ended
  expect(await processesOf([rose], / hook /)).toEqual([])
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'Done.\n', stderr: '' })
  expect(model.requests).toHaveLength(before + 1)
  await expect.poll(() => processesOf([rose], /./)).toEqual([])
  return Math.round(ms - modelMs)
}

function middle(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)]!
}
