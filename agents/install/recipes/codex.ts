import { join } from 'node:path'
import { clientSettings } from '../../client/settings.ts'
import { shimSettings } from '../../mcp/settings.ts'
import { jsonHooks } from '../json/hooks.ts'
import { dialects } from '../json/syntax.ts'
import { shimArguments, type Machine } from '../machine.ts'
import type { Recipe } from '../recipe.ts'
import { tomlEntry } from '../toml/toml-entry.ts'

/** Codex gives a server a nearly empty environment. Those of these that are set come along; CODEX_HOME is for `codex queue`. */
const passed = [...[...clientSettings, ...Object.values(shimSettings)].flatMap(({ env }) => [...env]), 'CODEX_HOME']

export const codex: Recipe = {
  registration: (machine) => ({
    role: 'registration',
    path: configFile(machine),
    part: tomlEntry('mcp_servers', 'bellhop', {
      command: machine.programs.node,
      args: shimArguments(machine),
      extra: { env_vars: passed },
    }),
  }),
  hooks: (machine) => ({
    role: 'hooks',
    path: join(folder(machine), 'hooks.json'),
    part: jsonHooks('codex', dialects.strict, machine),
  }),
  proof: { program: 'codex', args: ['mcp', 'list'], file: configFile, variable: 'CODEX_HOME', place: '.' },
  hookNote: 'Codex skips new hooks until you have looked at them: type /hooks in Codex, once, and trust them.',
}

function configFile(machine: Machine): string {
  return join(folder(machine), 'config.toml')
}

function folder({ env, userFolder }: Machine): string {
  return env['CODEX_HOME'] || join(userFolder, '.codex')
}
