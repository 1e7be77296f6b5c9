import { join } from 'node:path'
import { serverEntry } from '../json/entry.ts'
import { dialects } from '../json/syntax.ts'
import { shimArguments } from '../machine.ts'
import type { Recipe } from '../recipe.ts'

export const windsurf: Recipe = {
  registration: (machine) => ({
    role: 'registration',
    path: join(machine.userFolder, '.codeium', 'windsurf', 'mcp_config.json'),
    part: serverEntry(dialects.relaxed, ['mcpServers', 'bellhop'], {
      command: machine.programs.node,
      args: shimArguments(machine),
    }),
  }),
}
