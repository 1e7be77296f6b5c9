import type { z } from 'zod'
import { settingRows, type Row } from './setting-rows.ts'

export type Settings = { readonly [K in keyof typeof settingRows]: z.output<(typeof settingRows)[K]['schema']> }

/** A setting whose value does not fit: `message` names the variable and what it must be. */
export class SettingError extends Error {
  override readonly name = 'SettingError'
}

/** The settings that nobody changed, with some of them changed: for programs and tests. */
export function settingsWith(changes: Partial<Settings> = {}): Settings {
  const defaults = Object.fromEntries(Object.entries(settingRows).map(([key, { fallback }]) => [key, fallback]))
  return { ...defaults, ...changes } as Settings
}

/** Settings from the environment. Throws `SettingError`. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const changes: Record<string, unknown> = {}
  for (const [key, { env, schema, scale, environmentOnly }] of Object.entries<Row<z.ZodType>>(settingRows)) {
    const variable = env.find((name) => environment[name] !== undefined && environment[name] !== '')
    if (variable === undefined) continue
    const parsed = schema.safeParse(environment[variable])
    if (!parsed.success) {
      const flag = environmentOnly === true ? '' : ` (--${flagOf(env[0])})`
      throw new SettingError(`${variable}${flag} ${parsed.error.issues[0]?.message ?? 'does not fit'}.`)
    }
    changes[key] = scale === undefined ? parsed.data : Number(parsed.data) * scale
  }
  return settingsWith(changes)
}

/** The settings that have a command-line flag: BELLHOP_PING_SECONDS is `--ping-seconds`. */
export function flags(): { readonly flag: string; readonly variable: string }[] {
  return Object.values<Row<z.ZodType>>(settingRows)
    .filter(({ environmentOnly }) => environmentOnly !== true)
    .map(({ env }) => ({ flag: flagOf(env[0]), variable: env[0] }))
}

/** The table as text, one line for each row: for `--help`. */
export function describeSettings(): string {
  return Object.values<Row<z.ZodType>>(settingRows)
    .map(({ env, shown, meaning, environmentOnly }) => {
      const flag = environmentOnly === true ? '' : `--${flagOf(env[0])}`
      return `  ${flag.padEnd(28)} ${meaning} (${env.join(' or ')}; ${shown})`
    })
    .join('\n')
}

function flagOf(variable: string): string {
  return variable
    .replace(/^BELLHOP_/, '')
    .toLowerCase()
    .replaceAll('_', '-')
}
