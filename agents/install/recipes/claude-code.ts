import { existsSync, readFileSync } from 'node:fs'
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
    path: settingsFile(machine),
    part: jsonHooks('claude-code', dialects.strict, machine),
  }),
  proof: { program: 'claude', args: ['mcp', 'list'], file: stateFile, variable: 'CLAUDE_CONFIG_DIR', place: '.' },
  hasPlugin,
}

function settingsFolder({ env, userFolder }: Machine): string {
  return env['CLAUDE_CONFIG_DIR'] || join(userFolder, '.claude')
}

function settingsFile(machine: Machine): string {
  return join(settingsFolder(machine), 'settings.json')
}

/** Whether a plugin called bellhop, of whichever marketplace, is switched on. */
function hasPlugin(machine: Machine): boolean {
  try {
    const { enabledPlugins = {} } = JSON.parse(readFileSync(settingsFile(machine), 'utf8')) as {
      enabledPlugins?: object
    }
    return Object.entries(enabledPlugins).some(([name, isOn]) => name.startsWith('bellhop@') && isOn === true)
  } catch {
    // Not there, or broken: told where the file is to be edited.
    return false
  }
}

/** Beside the settings' folder, or inside of one that was chosen; an old installation's own name goes before. */
function stateFile(machine: Machine): string {
  const old = join(settingsFolder(machine), '.config.json')
  return existsSync(old) ? old : join(machine.env['CLAUDE_CONFIG_DIR'] || machine.userFolder, '.claude.json')
}
