import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serverEntry } from '../json/entry.ts'
import { dialects, nodeAt, parseRoot } from '../json/syntax.ts'
import { configFolder, pluginLine, shimArguments, type Machine } from '../machine.ts'
import { isOwnPlugin } from '../own.ts'
import type { Recipe } from '../recipe.ts'
import { wholeFile } from '../whole-file.ts'

/** It reads all of these and merges them; the first wins. */
const names = ['opencode.jsonc', 'opencode.json', 'config.json']
const usualName = 'opencode.json'
const entryPath = ['mcp', 'bellhop']

export const opencode: Recipe = {
  registration: (machine) => ({
    role: 'registration',
    path: configFile(machine),
    part: serverEntry(dialects.relaxed, entryPath, {
      type: 'local',
      command: [machine.programs.node, ...shimArguments(machine)],
      enabled: true,
    }),
  }),
  hooks: (machine) => ({
    role: 'hooks',
    path: join(folder(machine), 'plugin', 'bellhop.ts'),
    part: wholeFile(pluginLine(machine), isOwnPlugin),
  }),
  proof: {
    program: 'opencode',
    args: ['mcp', 'list'],
    file: configFile,
    variable: 'XDG_CONFIG_HOME',
    place: 'opencode',
  },
  hookNote:
    'opencode has a plugin in place of hooks. At the next start it may fetch its own plugin library from npm, once.',
}

function folder(machine: Machine): string {
  return join(configFolder(machine), 'opencode')
}

/** The file that has the entry already, or the one that wins of those that are there. */
function configFile(machine: Machine): string {
  const files = names.map((name) => join(folder(machine), name)).filter((file) => existsSync(file))
  return files.find(hasEntry) ?? files[0] ?? join(folder(machine), usualName)
}

function hasEntry(file: string): boolean {
  try {
    const text = readFileSync(file, 'utf8')
    return nodeAt(text, parseRoot(text, dialects.relaxed), entryPath) !== undefined
  } catch {
    // Broken: told when it is the one to be edited.
    return false
  }
}
