import { join } from 'node:path'
import { serverEntry } from '../json/entry.ts'
import { dialects } from '../json/syntax.ts'
import { applicationFolder, shimArguments } from '../machine.ts'
import type { Recipe } from '../recipe.ts'

/** In the user's profile: its hooks are files of a project, in preview. */
export const vscode: Recipe = {
  registration: (machine) => ({
    role: 'registration',
    path: join(applicationFolder(machine), 'Code', 'User', 'mcp.json'),
    part: serverEntry(dialects.relaxed, ['servers', 'bellhop'], {
      type: 'stdio',
      command: machine.programs.node,
      args: shimArguments(machine),
    }),
  }),
}
