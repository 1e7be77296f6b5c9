import { fileURLToPath, pathToFileURL } from 'node:url'
import type { TestContext } from 'vitest'
import { bring } from './arrival.ts'
import { Correspondent } from './correspondent.ts'
import { ScriptedModel } from './model.ts'
import { chatCompletions } from './models/chat-completions.ts'
import { prepareOpencode, type Opencode } from './opencode.ts'
import { requireTool } from './tools.ts'

const plugin = fileURLToPath(new URL('../../agents/opencode/plugin.ts', import.meta.url))
/** What stands in opencode's folder of plugins. */
export const plugins = { 'bellhop.ts': `export { Bellhop } from ${JSON.stringify(pathToFileURL(plugin).href)}\n` }

export interface Scene {
  readonly rose: Correspondent
  readonly model: ScriptedModel
  readonly opencode: Opencode
  /** Sends a message, and resolves with its id when the shim holds it. */
  bring(text: string): Promise<string>
}

/** An opencode with the plugin, its model, and somebody who writes to it. */
export async function setScene(context: Pick<TestContext, 'skip'>): Promise<Scene> {
  const program = requireTool('opencode', context)
  const rose = await Correspondent.start()
  const model = await ScriptedModel.start(chatCompletions)
  const opencode = prepareOpencode({ program, model, plugins, mcpServers: { bellhop: rose.shim('opencode') } })
  return {
    rose,
    model,
    opencode,
    bring: (text) => bring(rose, 'opencode', text),
  }
}
