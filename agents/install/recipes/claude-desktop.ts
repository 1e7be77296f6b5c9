import { join } from 'node:path'
import { serverEntry } from '../json/entry.ts'
import { dialects } from '../json/syntax.ts'
import { applicationFolder, shimArguments } from '../machine.ts'
import type { Recipe } from '../recipe.ts'

export const claudeDesktop: Recipe = {
  registration: (machine) => ({
    role: 'registration',
    path: join(applicationFolder(machine), 'Claude', 'claude_desktop_config.json'),
    part: serverEntry(dialects.relaxed, ['mcpServers', 'bellhop'], {
      command: machine.programs.node,
      args: shimArguments(machine),
    }),
  }),
}
