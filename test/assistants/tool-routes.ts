import { expect, test } from 'vitest'
import { Correspondent, type ShimCommand } from './correspondent.ts'
import type { Headless } from './headless.ts'
import { ScriptedModel, type Dialect } from './model.ts'
import { fencedTexts } from './sightings.ts'
import { requireTool, type ToolName } from './tools.ts'

/** An assistant that calls the shim's tools. */
export interface ToolCaller {
  readonly title: string
  readonly program: ToolName
  readonly dialect: Dialect
  /** What its model calls a tool of the server `bellhop`. */
  readonly toolName: (tool: string) => string
  readonly prepare: (options: {
    readonly program: string
    readonly model: ScriptedModel
    readonly mcpServers: { readonly bellhop: ShimCommand }
  }) => { run(prompt: string): Headless }
}

/** The routes that every assistant has: what it is sent reaches its model with the results of tools. */
export function testToolRoutes({ title, program, dialect, toolName, prepare }: ToolCaller): void {
  test(`${title} shows mail in the result of any tool`, async (context) => {
    const path = requireTool(program, context)
    const rose = await Correspondent.start()
    const model = await ScriptedModel.start(dialect)
    const assistant = prepare({ program: path, model, mcpServers: { bellhop: rose.shim('claude') } })
    let id = ''
    model.answer = async ({ index }) => {
      if (index > 0) return { kind: 'text', text: 'Done.' }
      await rose.untilOnline('claude')
      id = await rose.send('claude', 'a canary in a tool result')
      return { kind: 'call', tool: toolName('list_instances'), args: {} }
    }
    const { code, stdout } = await assistant.run('Who is there?').ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Done.\n' })
    expect(model.requests.map(fencedTexts)).toEqual([[], ['a canary in a tool result']])
    expect(await rose.untilShown(id)).toMatchObject([{ state: 'queued' }, { state: 'shown', route: 'tool_result' }])
  })

  test(`${title} shows mail in a blocked wait`, async (context) => {
    const path = requireTool(program, context)
    const rose = await Correspondent.start()
    const model = await ScriptedModel.start(dialect)
    const assistant = prepare({ program: path, model, mcpServers: { bellhop: rose.shim('claude') } })
    model.answer = async ({ index }) => {
      if (index > 0) return { kind: 'text', text: 'Done.' }
      await rose.untilOnline('claude')
      return { kind: 'call', tool: toolName('wait'), args: {} }
    }
    const run = assistant.run('Wait for news.')
    await rose.untilOnline('claude', 'wait')
    const id = await rose.send('claude', 'a canary in a wait')
    expect((await run.ended).code).toBe(0)
    expect(model.requests.map(fencedTexts)).toEqual([[], ['a canary in a wait']])
    expect(await rose.untilShown(id)).toMatchObject([{ state: 'queued' }, { state: 'shown', route: 'wait' }])
  })
}
