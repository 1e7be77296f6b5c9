import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, type TestContext } from 'vitest'
import { settingRows } from '../../hub/index.ts'
import { root } from '../package/build.ts'
import { ownRuntime, runNpm, Unreachable } from '../package/npm.ts'
import { Assistant } from '../support/assistant.ts'
import { freePort } from '../support/ports.ts'
import { findProgram, skipWhere, skipWithout } from '../support/skipping.ts'
import { temporaryFolder } from '../support/teardown.ts'
import { baseImage, whyNoContainers } from './base-image.ts'
import { Buildah, type ImageConfig } from './buildah.ts'
import { giveTo, makeVolume, runAsProcessOne, runCommand, runContainer } from './container.ts'

/** A Debian, an image and its dependencies, on a machine that has none of them, in milliseconds. */
const setupMs = 400_000
/** A dozen containers, one after the other, in milliseconds. */
const conversationMs = 60_000
const secret = 'a secret of the container, long enough'
/** Whatever could compile something. */
const compilers = ['cc', 'gcc', 'g++', 'clang', 'make', 'cmake', 'python', 'python3', 'node-gyp']

describe('what is written down for an engine', () => {
  const files = ['Dockerfile', 'compose.yaml', 'compose.tls.yaml']
  const texts = files.map((name) => readFileSync(join(root, 'docker', name), 'utf8'))

  test('every variable of the hub that is set there is a setting of the hub', () => {
    // Read by compose itself, and not passed on.
    const ofCompose = ['BELLHOP_PUBLISH', 'BELLHOP_DOMAIN']
    const known = new Set([...Object.values(settingRows).flatMap(({ env }): readonly string[] => env), ...ofCompose])
    const named = texts.flatMap((text) => text.match(/\bBELLHOP_[A-Z_]+\b/g) ?? [])
    expect(named).toContain('BELLHOP_SECRET_FILE')
    expect(named.filter((name) => !known.has(name))).toEqual([])
  })

  test('compose runs the hub with no more rights than it needs, and within limits', () => {
    const [, compose = ''] = texts
    for (const line of ['read_only: true', '- ALL', 'no-new-privileges:true', 'mem_limit:', 'pids_limit:', 'cpus:']) {
      expect(compose).toContain(line)
    }
    // Whoever wants other machines to reach it has to say so.
    expect(compose).toContain('${BELLHOP_PUBLISH:-127.0.0.1}:9870:9870')
  })
})

/** An image that was built, and a container of it. */
interface Scene {
  readonly buildah: Buildah
  readonly base: string
  readonly config: ImageConfig
  readonly container: string
}

type Setup =
  | { readonly kind: 'built'; readonly scene: Scene }
  | { readonly kind: 'missing'; readonly reason: string }
  | { readonly kind: 'forbidden'; readonly reason: string }

describe('the image', () => {
  let setup: Setup
  const giveBack: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    setup = await build(giveBack)
  }, setupMs)

  afterAll(async () => {
    for (const step of giveBack.toReversed()) await step()
  })

  function built(context: TestContext): Scene {
    if (setup.kind === 'missing') skipWithout(setup.reason, context)
    if (setup.kind === 'forbidden') skipWhere(setup.reason, context)
    return setup.scene
  }

  test('is built without a compiler and without Python, and has none', async (context) => {
    const { buildah, base, container } = built(context)
    const look = `for name in ${compilers.join(' ')}; do command -v "$name"; done; true`
    expect(await buildah.inside(container, look)).toBe('')
    // Both stages begin with this one, and install nothing into it.
    const began = await buildah.from(base)
    onTestFinished(() => buildah.remove(began))
    expect(await buildah.inside(began, look)).toBe('')
    expect(readFileSync(join(root, 'docker', 'Dockerfile'), 'utf8')).not.toMatch(/\bapt(?:-get)?\b|\bapk\b/)
  })

  test('holds the package and its production dependencies, and nothing of who built it', async (context) => {
    const { buildah, container } = built(context)
    const here = '/opt/bellhop'
    const installed = (await buildah.inside(container, `cd ${here}/node_modules && ls -d * @*/*`)).split('\n')
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
    const { packages } = JSON.parse(lock) as { packages: Record<string, { dev?: boolean }> }
    const development = Object.keys(packages).filter((path) => packages[path]?.dev === true)
    expect(development).toContain('node_modules/typescript')
    expect(development.filter((path) => installed.includes(path.slice('node_modules/'.length)))).toEqual([])
    expect(installed).toContain('better-sqlite3')
    expect((await buildah.inside(container, `ls ${here}`)).split('\n')).not.toContain('test')
    expect(await buildah.inside(container, 'ls -A /run/secrets 2>/dev/null; true')).toBe('')
  })

  test('runs as a user without rights, keeps its data in a volume, and says how it is', async (context) => {
    const { buildah, container, config } = built(context)
    expect(config.User).toBe('9870:9870')
    expect(config.Volumes).toEqual({ '/data': {} })
    expect(Object.keys(config.ExposedPorts)).toEqual(['9870/tcp'])
    expect(config.Labels['org.opencontainers.image.title']).toBe('Bellhop')
    expect(await buildah.inside(container, 'id -u; stat -c "%u %a" /data')).toBe('9870\n9870 700')
    await expect(buildah.inside(container, 'touch /opt/bellhop/own')).rejects.toThrow('Permission denied')
    expect(await buildah.inside(container, 'bellhop --version')).toMatch(/^\d+\.\d+\.\d+$/)
  })

  test('without a secret its hub refuses to start, and says what to set', async (context) => {
    const { buildah, container, config } = built(context)
    const start = buildah.call('run', '--isolation', 'chroot', container, '--', ...config.Entrypoint, ...config.Cmd)
    await expect(start).rejects.toThrow('set BELLHOP_SECRET or BELLHOP_SECRET_FILE')
  })

  test(
    'two shims outside converse through its hub, which ends in order and keeps everything for the next',
    { timeout: conversationMs },
    async (context) => {
      const { buildah, container, config } = built(context)
      const [volume, port] = [makeVolume(config), await freePort()]
      const secretFile = join(temporaryFolder(), 'secret')
      writeFileSync(secretFile, `${secret}\n`, { mode: 0o400 })
      giveTo(config, secretFile)
      const place = { volume, secretFile, port }
      const health = ['run', '--isolation', 'chroot', '--env', `BELLHOP_PORT=${port}`, container, '--']
      health.push(...config.Healthcheck.Test.slice(1))
      await expect(buildah.call(...health)).rejects.toThrow('exit status 1')

      const hub = await runContainer(buildah, container, config, place)
      await buildah.call(...health)
      const rose = await shim(port)
      await rose.call('register', { name: 'rose' })
      const barney = await shim(port)
      await barney.call('register', { name: 'barney' })
      await rose.call('send', { to: 'barney', content: 'To a container and back.' })
      expect((await barney.call('wait', { seconds: 20 })).text).toContain('To a container and back.')
      const large = `begin ${'x'.repeat(100_000)} end`
      await barney.call('send', { to: 'rose', content: large })
      const [, path = ''] = /"([^"]+\/mail\/[^"]+)"/.exec((await rose.call('wait', { seconds: 20 })).text) ?? []
      expect(readFileSync(path, 'utf8').trimEnd().endsWith(large)).toBe(true)
      await rose.call('send', { to: 'later', content: 'Waits on the volume.' })
      expect(await runCommand(buildah, container, place, 'status')).toContain('The hub runs at')
      await runCommand(buildah, container, place, 'backup', '/data/backups/now')
      expect(await hub.stop()).toBe(0)
      expect(await runCommand(buildah, container, place, 'restore', '/data/backups/now', '--yes')).toContain('Restored')
      // An engine ends what a command leaves running in its container.
      await runCommand(buildah, container, place, 'down')

      const next = await buildah.from(image)
      onTestFinished(() => buildah.remove(next))
      const again = await runContainer(buildah, next, config, place)
      const later = await shim(port)
      expect((await later.call('register', { name: 'later' })).text).toContain('Waits on the volume.')
      expect(await again.stop()).toBe(0)
    },
  )

  test('as process 1 with a read-only root its hub works, and a signal ends it in order', async (context) => {
    const { buildah, container, config } = built(context)
    const [volume, port] = [makeVolume(config), await freePort()]
    const folder = await buildah.call('mount', container)
    onTestFinished(async () => {
      await buildah.call('umount', container)
    })
    const hub = await runAsProcessOne(folder, config, { volume, secret, port })
    const rose = await shim(port)
    expect((await rose.call('register', { name: 'rose' })).isError).toBe(false)
    expect(JSON.parse(readFileSync(join(volume, 'hub.json'), 'utf8'))).toMatchObject({ pid: 1 })
    expect(await hub.stop()).toBe(0)
  })
})

/** What is built here is tagged with our process. */
const repository = 'localhost/bellhop-test'
const image = `${repository}:${process.pid}`

/** Builds the image; what is to be given back afterwards goes into the list. */
async function build(giveBack: (() => Promise<unknown>)[]): Promise<Setup> {
  const lacking = ['buildah', 'debootstrap'].filter((name) => findProgram(name) === undefined)
  if (lacking.length > 0) return { kind: 'missing', reason: `${lacking.join(' and ')} is not on the PATH` }
  const reason = await whyNoContainers()
  if (reason !== undefined) return { kind: 'forbidden', reason }
  const buildah = new Buildah()
  const started = performance.now()
  try {
    await buildah.sweep(repository)
    const base = await baseImage(buildah)
    const based = performance.now()
    await buildah.call(...(await buildWords(base, giveBack)))
    giveBack.push(() => buildah.call('rmi', image))
    const container = await buildah.from(image)
    giveBack.push(() => buildah.remove(container))
    const seconds = (from: number, to: number): string => `${((to - from) / 1000).toFixed(0)} s`
    const times = `base ${seconds(started, based)}, image ${seconds(based, performance.now())}`
    process.stdout.write(`built with buildah: ${times}\n`)
    return { kind: 'built', scene: { buildah, base, config: await buildah.config(image), container } }
  } catch (error) {
    if (error instanceof Unreachable)
      return { kind: 'missing', reason: `the registry cannot be reached: ${error.message}` }
    throw error
  }
}

/** The build as README.md has it, on another base, with what npm needs to know of this machine as secrets. */
async function buildWords(base: string, giveBack: (() => Promise<unknown>)[]): Promise<string[]> {
  const words = ['bud', '--isolation', 'chroot', '--format', 'docker', '--pull-never']
  words.push('--build-arg', `BASE_IMAGE=${base}`, '--file', join(root, 'docker', 'Dockerfile'), '--tag', image)
  const own = async (key: string): Promise<string> => {
    const value = (await runNpm(ownRuntime(), ['config', 'get', key], { cwd: root })).trim()
    return ['null', 'undefined'].includes(value) ? '' : value
  }
  // A certificate and a registry may be configured anywhere; the file that is handed in holds both.
  const folder = mkdtempSync(join(tmpdir(), 'bellhop-'))
  giveBack.push(async () => rmSync(folder, { recursive: true, force: true }))
  const npmrc = join(folder, 'npmrc')
  writeFileSync(npmrc, `registry=${await own('registry')}\n`)
  words.push('--secret', `id=npmrc,src=${npmrc}`)
  const certificates = process.env['NODE_EXTRA_CA_CERTS'] || (await own('cafile'))
  if (certificates !== '') words.push('--secret', `id=ca,src=${certificates}`)
  return [...words, root]
}

/** A shim outside of the container, on a machine with a home of its own. */
async function shim(port: number): Promise<Assistant> {
  const assistant = await Assistant.start('claude-code', {
    BELLHOP_HOME: temporaryFolder(),
    BELLHOP_URL: `ws://127.0.0.1:${port}`,
    BELLHOP_SECRET: secret,
  })
  onTestFinished(() => assistant.stop())
  return assistant
}
