import { join } from 'node:path'
import { serverEntry } from '../json/entry.ts'
import { jsonHooks } from '../json/hooks.ts'
import { dialects } from '../json/syntax.ts'
import { shimArguments, type Machine } from '../machine.ts'
import type { Recipe } from '../recipe.ts'

export const gemini: Recipe = {
  registration: (machine) => ({
    role: 'registration',
    path: settingsFile(machine),
    part: serverEntry(dialects.withComments, ['mcpServers', 'bellhop'], {
      command: machine.programs.node,
      args: shimArguments(machine),
    }),
  }),
  hooks: (machine) => ({
    role: 'hooks',
    path: settingsFile(machine),
    part: jsonHooks('gemini', dialects.withComments, machine),
  }),
  proof: {
    program: 'gemini',
    args: ['mcp', 'list'],
    file: settingsFile,
    variable: 'GEMINI_CLI_HOME',
    place: '.gemini',
    trust: { GEMINI_CLI_TRUST_WORKSPACE: 'true' },
  },
  hookNote: 'Gemini CLI runs hooks, and servers, in folders that you trust only.',
}

function settingsFile({ env, userFolder }: Machine): string {
  return join(env['GEMINI_CLI_HOME'] || userFolder, '.gemini', 'settings.json')
}
