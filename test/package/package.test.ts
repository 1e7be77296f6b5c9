import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest'
import { limits, softwareVersion } from '../../protocol/index.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { hubProcess } from '../support/processes.ts'
import { skipWithout } from '../support/skipping.ts'
import { temporaryFolder } from '../support/teardown.ts'
import { buildPackage, root, type Package } from './build.ts'
import { Consumer } from './consumer.ts'
import { otherRuntime, ownRuntime, Unreachable, type Runtime } from './npm.ts'

/** The oldest Node that will do, with its npm; and the one that the repository brings. */
const runtimes: readonly { readonly title: string; readonly get: () => Promise<Runtime> }[] = [
  { title: 'Node 22.18', get: () => otherRuntime({ node: '22.18.0', npm: '10.9.3' }) },
  { title: 'Node 24', get: () => Promise.resolve(ownRuntime()) },
]

/** What may be in the package. */
const wanted = [
  /^(?:package\.json|README\.md|SECURITY\.md|LICENSE)$/,
  /^dist\/(?:agents|hub|protocol)\/.*\.js$/,
  /^dist\/(?:agents\/client|protocol)\/.*\.d\.ts$/,
  /^agents\/cli\/bellhop\.cjs$/,
  /^agents\/claude-code-plugin\//,
  /^\.claude-plugin\/marketplace\.json$/,
  /^agents\/python\/.*(?:\.py|\.toml|\.md|\/py\.typed)$/,
  /^(?:agents|docker|hub)\/.*\.md$/,
  /^protocol\/(?:PROTOCOL\.md|openrpc\.json|conformance\/.*\.(?:json|md))$/,
]

/** A program of somebody who depends on the package. */
const program = `
import { createClient } from 'bellhop'
import { createClient as byItsOwnName } from 'bellhop/client'
import { createPortableClient } from 'bellhop/portable'
import { limits } from 'bellhop/protocol'

const [rose, barney] = [createClient({ client: { name: 'one' } }), byItsOwnName({ client: { name: 'other' } })]
const arrived = new Promise((resolve) => barney.on('message', resolve))
rose.start()
barney.start()
await rose.register({ name: 'rose' })
await barney.register({ name: 'barney' })
await rose.send({ to: 'barney', content: 'hello' })
const { from, content } = await arrived
console.log(from + ': ' + content)
console.log(limits.inlineBytes, typeof createPortableClient)
await Promise.all([rose.close(), barney.close()])
`

/** Building and installing want a disk and a network, in milliseconds. */
const setupMs = 120_000

const folder = mkdtempSync(join(tmpdir(), 'bellhop-'))
let built: Package

beforeAll(async () => {
  built = await buildPackage(join(folder, 'packed'))
}, setupMs)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function kilobytes(bytes: number): number {
  return Math.round(bytes / 1000)
}

test('the package holds what is run and read, and nothing else', () => {
  const { paths, size, unpackedSize } = built
  process.stdout.write(`package: ${paths.length} files, ${kilobytes(size)} kB (${kilobytes(unpackedSize)} unpacked)\n`)
  expect(paths.filter((path) => !wanted.some((pattern) => pattern.test(path)))).toEqual([])
  for (const path of ['dist/hub/main.js', 'dist/agents/opencode/plugin.js', 'protocol/PROTOCOL.md', 'LICENSE']) {
    expect(paths).toContain(path)
  }
})

describe.each(runtimes)('on $title', ({ get }) => {
  let consumer: Consumer | Unreachable

  beforeAll(async () => {
    try {
      const clean = new Consumer(mkdtempSync(join(folder, 'consumer-')), await get())
      await clean.npm('install', built.file)
      consumer = clean
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      consumer = error
    }
  }, setupMs)

  /** Somebody who has it installed; without a registry, nobody. */
  function installed(context: TestContext): Consumer {
    if (consumer instanceof Unreachable) skipWithout(`the registry cannot be reached: ${consumer.message}`, context)
    return consumer
  }

  test('the command says its version and what it can do, by itself and through npm', async (context) => {
    const user = installed(context)
    expect(await user.run(user.command, ['--version'])).toEqual({ code: 0, stdout: `${softwareVersion}\n`, stderr: '' })
    const { code, stdout } = await user.run(user.command, ['--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('install')
    expect(await user.npm('exec', '--', 'bellhop', '--version')).toContain(softwareVersion)
  })

  test('a hub that was started by hand, and two shims, converse', async (context) => {
    const user = installed(context)
    const home = temporaryFolder()
    const hub = await user.startHub({ BELLHOP_HOME: home, BELLHOP_PORT: '0' })
    const env = { BELLHOP_HOME: home, BELLHOP_URL: hub.url }
    const rose = await user.startShim(user.command, ['mcp'], env)
    await rose('register', { name: 'rose' })
    expect(await rose('send', { to: 'barney', content: 'From a package.' })).toContain('barney')
    const barney = await user.startShim(user.command, ['mcp'], env)
    expect(await barney('register', { name: 'barney' })).toContain('From a package.')
    expect(await hub.end()).toBe(0)
  })

  test('what the installer writes for an assistant starts a shim, which starts a hub, all of the package', async (context) => {
    const user = installed(context)
    const person = temporaryFolder()
    const { home, env } = homeWithHub({ HOME: person })
    expect(await user.run(user.command, ['install', 'gemini', '--yes'], env)).toMatchObject({ code: 0 })
    const settings = readFileSync(join(person, '.gemini', 'settings.json'), 'utf8')
    const written = (JSON.parse(settings) as { mcpServers: { bellhop: { command: string; args: string[] } } })
      .mcpServers.bellhop
    expect(written.args[0]).toBe(user.own('dist/agents/mcp/main.js'))
    const rose = await user.startShim(written.command, written.args, env)
    await rose('register', { name: 'rose' })
    const hub = execFileSync('ps', ['-o', 'args=', '-p', String(hubProcess(home))], { encoding: 'utf8' })
    expect(hub).toContain(user.own('dist/hub/main.js'))
  })

  test('the plugins for Claude Code and opencode find their programs', async (context) => {
    const user = installed(context)
    const plugin = user.own('agents/claude-code-plugin/bin/bellhop')
    expect(await user.run(plugin, ['--version'])).toMatchObject({ code: 0, stdout: `${softwareVersion}\n` })
    const look = `const { Bellhop } = await import(${JSON.stringify(user.own('dist/agents/opencode/plugin.js'))})
console.log(typeof Bellhop)`
    expect(await user.run('node', ['--input-type=module', '--eval', look])).toMatchObject({ stdout: 'function\n' })
  })

  test('a program uses the client library and the protocol by their names', async (context) => {
    const user = installed(context)
    const home = temporaryFolder()
    const hub = await user.startHub({ BELLHOP_HOME: home, BELLHOP_PORT: '0' })
    writeFileSync(join(user.folder, 'program.mjs'), program)
    const outcome = await user.run('node', ['program.mjs'], { BELLHOP_HOME: home, BELLHOP_URL: hub.url })
    expect(outcome).toEqual({ code: 0, stdout: `rose: hello\n${limits.inlineBytes} function\n`, stderr: '' })
  })

  test('the types of the client library are there', (context) => {
    const user = installed(context)
    const use =
      "import { createClient } from 'bellhop'\nexport const client = createClient({ client: { name: 'typed' } })\n"
    writeFileSync(join(user.folder, 'right.mts'), `${use}await client.send({ to: 'rose', content: 'hello' })\n`)
    writeFileSync(join(user.folder, 'wrong.mts'), `${use}await client.send({ to: 'rose', contents: 'hello' })\n`)
    expect(typeErrors(user.folder, 'right.mts')).toBe('')
    expect(typeErrors(user.folder, 'wrong.mts')).toContain("'contents' does not exist")
  })

  test('the README’s figures are these', (context) => {
    const user = installed(context)
    const lock = readFileSync(join(user.folder, 'package-lock.json'), 'utf8')
    const { packages } = JSON.parse(lock) as { packages: object }
    // Neither the folder itself nor the package.
    const others = Object.keys(packages).length - 2
    process.stdout.write(`package: ${kilobytes(built.size)} kB, ${others} others come with it\n`)
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const [, size, count] = /The package has (\d+) kB, and (\d+) others come with it/.exec(readme) ?? []
    expect(Math.abs(Number(size) / kilobytes(built.size) - 1)).toBeLessThan(0.15)
    expect(Math.abs(Number(count) - others)).toBeLessThanOrEqual(10)
  })
})

/** What the compiler has against a file of somebody who has the package installed. */
function typeErrors(folder: string, file: string): string {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--skipLibCheck', '--types', '']
  try {
    execFileSync(process.execPath, [compiler, ...flags, file], { cwd: folder, encoding: 'utf8' })
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

describe('the command', () => {
  const launcher = join(root, 'agents', 'cli', 'bellhop.cjs')

  test('on an older Node says what it needs, in two lines and without a stack', (context) => {
    const old = olderNode()
    if (old === undefined) skipWithout('there is no Node older than 22.18 on the PATH', context)
    let refusal: { status?: number; stderr?: string } = {}
    try {
      execFileSync(old, [launcher, '--version'], { encoding: 'utf8', stdio: 'pipe' })
    } catch (error) {
      refusal = error as typeof refusal
    }
    expect(refusal.status).toBe(1)
    expect(refusal.stderr).toMatch(
      /^Bellhop needs Node 22\.18 or later, and this is Node [\d.]+ \(.*\)\.\nGet one .*\n$/,
    )
  })

  test('in a checkout runs its sources, with npx and the Node that the checkout brought', () => {
    // As somebody has it whose own Node is too old.
    const node = olderNode() ?? process.execPath
    const outcome = execFileSync(node, [ownRuntime().npm, 'exec', '--', 'bellhop', '--version'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, PATH: (process.env['PATH'] ?? '').split(delimiter).filter(isOfMachine).join(delimiter) },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(outcome).toBe(`${softwareVersion}\n`)
  })
})

function isOfMachine(folder: string): boolean {
  return !folder.includes('node_modules')
}

/** A Node of the machine that is too old. */
function olderNode(): string | undefined {
  const candidates = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter(isOfMachine)
    .map((path) => join(path, 'node'))
  return candidates.find((path) => {
    try {
      const [major = 0, minor = 0] = execFileSync(path, ['-p', 'process.versions.node'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
        .split('.')
        .map(Number)
      return major < 22 || (major === 22 && minor < 18)
    } catch {
      return false
    }
  })
}
