import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { toolsFolder } from '../assistants/tools.ts'

/** What npm says where it cannot reach its registry, or the registry does not let it have a package. */
const unreachable =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|E40[134]|E50\d|SELF_SIGNED_CERT\w*|UNABLE_TO_\w+)\b/
/** Milliseconds for one command of npm. */
const npmMs = 120_000

/** The registry cannot be reached from here: nothing of ours is wrong, and nothing can be shown. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** A Node, and the npm that its users have. */
export interface Runtime {
  readonly node: string
  /** The script of its npm. */
  readonly npm: string
}

/** The Node that runs the tests, with the npm of the machine. */
export function ownRuntime(): Runtime {
  const folders = [dirname(process.execPath), ...(process.env['PATH'] ?? '').split(delimiter)]
  const links = folders.map((folder) => join(folder, 'npm')).filter((path) => existsSync(path))
  const npm = links.map((path) => realpathSync(path)).find((path) => path.endsWith('.js'))
  if (npm === undefined) throw new Error('No npm was found on the PATH. Install one, and run this again.')
  return { node: process.execPath, npm }
}

/** Runs npm, and resolves with its stdout. Rejects with `Unreachable`, or with what npm complained of. */
export function runNpm(
  { node, npm }: Runtime,
  words: readonly string[],
  options: { readonly cwd: string; readonly path?: string },
): Promise<string> {
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=1', '--fetch-retry-mintimeout=1000']
  const env = { ...process.env, PATH: options.path ?? `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` }
  return new Promise((resolve, reject) => {
    execFile(
      node,
      [npm, ...words, ...flags],
      { cwd: options.cwd, env, timeout: npmMs, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout)
        const reason = stderr.trim().split('\n').slice(0, 20).join('\n')
        reject(unreachable.test(reason) ? new Unreachable(reason) : new Error(`npm ${words.join(' ')}:\n${reason}`))
      },
    )
  })
}

/**
 * A folder with these packages under `node_modules`, as `name@1.2.3`; brought once, and kept in the cache for the
 * next run. Their scripts are not run.
 */
export async function cachedPackages(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(toolsFolder, name)
  if (existsSync(folder)) return folder
  // Under a name of its own until it is whole: another run may be at it too.
  const draft = `${folder}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  try {
    writeFileSync(join(draft, 'package.json'), '{}')
    await runNpm(ownRuntime(), ['install', '--ignore-scripts', ...packages], { cwd: draft })
    if (!existsSync(folder)) renameSync(draft, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return folder
}

/** A Node of another version, as its users have it: with the npm that came with it. */
export async function otherRuntime(versions: { readonly node: string; readonly npm: string }): Promise<Runtime> {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const binary = `node-${platform}-${process.arch}`
  const folder = await cachedPackages(`node-${versions.node}`, [`${binary}@${versions.node}`, `npm@${versions.npm}`])
  return {
    node: join(folder, 'node_modules', binary, 'bin', 'node'),
    npm: join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  }
}
