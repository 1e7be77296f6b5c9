import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { jsonHooks } from '../json/hooks.ts'
import { serverEntry } from '../json/entry.ts'
import { dialects } from '../json/syntax.ts'
import { shimArguments, type Machine } from '../machine.ts'
import type { Recipe } from '../recipe.ts'

/** What `claude mcp add --scope user` writes, where it writes it. */
export const claudeCode: Recipe = {
  registration(machine) {
    const { node } = machine.programs
    const entry = { type: 'stdio', command: node, args: shimArguments(machine), env: {} }
    return {
      role: 'registration',
      path: stateFile(machine),
      part: serverEntry(dialects.strict, ['mcpServers', 'bellhop'], entry),
    }
  },
  hooks: (machine) => ({
    role: 'hooks',
    path: join(settingsFolder(machine), 'settings.json'),
    part: jsonHooks('claude-code', dialects.strict, machine),
  }),
  proof: { program: 'claude', args: ['mcp', 'list'] },
}

function settingsFolder({ env, userFolder }: Machine): string {
  return env['CLAUDE_CONFIG_DIR'] || join(userFolder, '.claude')
}

/** Beside the settings' folder, or inside of one that was chosen; an old installation's own name goes before. */
function stateFile(machine: Machine): string {
  const old = join(settingsFolder(machine), '.config.json')
  return existsSync(old) ? old : join(machine.env['CLAUDE_CONFIG_DIR'] || machine.userFolder, '.claude.json')
}
