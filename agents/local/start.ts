import { existsSync, mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { readSettings } from '../client/settings.ts'
import { skipLocales } from './skip-locales.ts'

/**
 * What a program does before it loads anything large. `--home FOLDER` among its arguments goes before
 * BELLHOP_HOME: not every assistant's file can set an environment. The answer is the arguments without it.
 * Code that was compiled once is kept in Bellhop's own folder, because code in a shared one is anybody's:
 * assistants wait for hooks and for the shim, and start their first turn without a slow server's tools.
 */
export function prepareStart(args: readonly string[], { makeHome }: { readonly makeHome: boolean }): string[] {
  skipLocales()
  const at = args.indexOf('--home')
  const told = at === -1 ? undefined : args[at + 1]
  if (told) process.env['BELLHOP_HOME'] = told
  const { home } = readSettings(process.env)
  try {
    if (makeHome) mkdirSync(home, { recursive: true, mode: 0o700 })
    if (existsSync(home)) enableCompileCache(join(home, 'cache'))
  } catch {
    // Only slower.
  }
  return at === -1 ? [...args] : args.toSpliced(at, 2)
}
