import { join } from 'node:path'
import { serverEntry } from '../json/entry.ts'
import { jsonHooks } from '../json/hooks.ts'
import { markPart } from '../json/mark.ts'
import { dialects } from '../json/syntax.ts'
import { shimArguments } from '../machine.ts'
import { combine } from '../part.ts'
import type { Recipe } from '../recipe.ts'

/** The only version of its hooks' file that is known here. */
const hooksVersion = 1

export const cursor: Recipe = {
  registration: (machine) => ({
    role: 'registration',
    path: join(machine.userFolder, '.cursor', 'mcp.json'),
    part: serverEntry(dialects.relaxed, ['mcpServers', 'bellhop'], {
      command: machine.programs.node,
      args: shimArguments(machine),
    }),
  }),
  hooks: (machine) => ({
    role: 'hooks',
    path: join(machine.userFolder, '.cursor', 'hooks.json'),
    part: combine([
      markPart(dialects.relaxed, 'version', hooksVersion, 'hooks'),
      jsonHooks('cursor', dialects.relaxed, machine),
    ]),
  }),
}
