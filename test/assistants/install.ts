// Brings the programs that tests run and that are no dependencies: node test/assistants/install.ts
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { toolPath, tools, toolsFolder, type ToolName } from './tools.ts'

/** Exit code where nothing is wrong but the network: those tests are skipped. */
const unreachableCode = 3
/** What npm says where it cannot reach its registry, or the registry does not let it have a package. */
const unreachable =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|E40[134]|E50\d|SELF_SIGNED_CERT\w*|UNABLE_TO_\w+)\b/
/** Milliseconds for npm: on a good line it takes half a minute. */
const npmMs = 300_000
/** Of what npm says: the rest is its stack. */
const reasonLines = 4
/** Milliseconds that a program may take to say its version, the first time on a cold disk. */
const versionMs = 60_000

const names = Object.keys(tools) as ToolName[]

process.exitCode = install()

function install(): number {
  const missing = names.filter((name) => !isInstalled(name))
  if (missing.length === 0) return say(`All programs are in ${toolsFolder}.`, 0)
  const npm = findNpm()
  if (npm === undefined) return say('No npm was found on the PATH. Install one, and run this again.', 1)
  mkdirSync(toolsFolder, { recursive: true })
  say(`Installing ${missing.join(', ')} into ${toolsFolder}.`, 0)
  const packages = names.map((name) => `${tools[name].package}@${tools[name].version}`)
  const flags = [
    '--no-audit',
    '--no-fund',
    '--save-exact',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
    '--loglevel=error',
  ]
  // By this Node: npm chooses versions for the Node that runs it, and for an older one an older program.
  const run = spawnSync(process.execPath, [npm, 'install', '--prefix', toolsFolder, ...flags, ...packages], {
    encoding: 'utf8',
    cwd: toolsFolder,
    timeout: npmMs,
  })
  if (run.signal) return say(`npm has not ended within ${npmMs / 1000} s.`, unreachableCode)
  if (run.status !== 0) {
    const reason = run.stderr.trim().split('\n').slice(0, reasonLines).join('\n')
    if (unreachable.test(reason)) return say(`They cannot be had from npm here:\n${reason}`, unreachableCode)
    return say(`npm failed:\n${reason}`, 1)
  }
  const broken = names.flatMap((name) => problemOf(name) ?? [])
  return broken.length === 0 ? say('They are there.', 0) : say(broken.join('\n'), 1)
}

function isInstalled(name: ToolName): boolean {
  try {
    const manifest = join(toolsFolder, 'node_modules', tools[name].package, 'package.json')
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
    return version === tools[name].version && existsSync(toolPath(name))
  } catch {
    return false
  }
}

/** The script behind the machine's npm. */
function findNpm(): string | undefined {
  const folders = [dirname(process.execPath), ...(process.env['PATH'] ?? '').split(delimiter)]
  const links = folders.map((folder) => join(folder, 'npm')).filter((path) => existsSync(path))
  return links.map((path) => realpathSync(path)).find((path) => path.endsWith('.js'))
}

/** What is wrong with a program that was installed. */
function problemOf(name: ToolName): string | undefined {
  const home = mkdtempSync(join(tmpdir(), 'bellhop-'))
  const path = `${dirname(process.execPath)}:/usr/bin:/bin`
  const { stdout, stderr } = spawnSync(toolPath(name), ['--version'], {
    encoding: 'utf8',
    env: { HOME: home, PATH: path },
    timeout: versionMs,
  })
  rmSync(home, { recursive: true, force: true })
  if (stdout?.includes(tools[name].version)) return undefined
  return `${name} is not ${tools[name].version}: it says ${JSON.stringify(`${stdout}${stderr}`.trim())}`
}

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`)
  return code
}
