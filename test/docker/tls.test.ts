import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connect } from 'node:tls'
import { expect, onTestFinished, test, vi, type TestContext } from 'vitest'
import { root } from '../package/build.ts'
import { Assistant } from '../support/assistant.ts'
import { startTestHub } from '../support/hub.ts'
import { freePort } from '../support/ports.ts'
import { findProgram, skipWithout } from '../support/skipping.ts'
import { temporaryFolder } from '../support/teardown.ts'

const secret = 'a secret behind a proxy, long enough'

/** The proxy of compose.tls.yaml, on a free port, before a hub on another one. Its certificate is of its own making. */
async function startProxy(
  hubUrl: string,
  context: TestContext,
  // Names that end so get a certificate of Caddy's own, and nobody outside is asked for one.
  name = 'localhost',
): Promise<{ readonly port: number; readonly authority: string }> {
  const caddy = findProgram('caddy')
  if (caddy === undefined) skipWithout('caddy is not on the PATH', context)
  const [folder, port] = [temporaryFolder(), await freePort()]
  const written = readFileSync(join(root, 'docker', 'Caddyfile'), 'utf8')
  // The same file, but for where it listens, where the hub is, and port 80, which is not ours.
  const caddyfile = written
    .replace('hub:9870', new URL(hubUrl).host)
    .replace('admin off', 'admin off\n\tauto_https disable_redirects')
  expect(caddyfile).not.toContain('hub:9870')
  const file = join(folder, 'Caddyfile')
  writeFileSync(file, caddyfile)
  const proxy = spawn(caddy, ['run', '--config', file, '--adapter', 'caddyfile'], {
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, BELLHOP_DOMAIN: `${name}:${port}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exit = once(proxy, 'exit')
  onTestFinished(async () => {
    proxy.kill('SIGKILL')
    await exit
  })
  const said: string[] = []
  await new Promise<void>((resolve, reject) => {
    createInterface(proxy.stderr).on('line', (line) => {
      said.push(line)
      if (line.includes('certificate obtained successfully')) resolve()
    })
    proxy.once('exit', () => reject(new Error(said.join('\n'))))
  })
  const authority = join(folder, 'caddy/pki/authorities/local/root.crt')
  // It says that it has the certificate a moment before it serves it.
  await vi.waitFor(() => handshake(port, name, authority), { timeout: 10_000 })
  return { port, authority }
}

async function handshake(port: number, servername: string, authority: string): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port, servername, ca: readFileSync(authority) })
  try {
    await once(socket, 'secureConnect')
  } finally {
    socket.destroy()
  }
}

test('through the proxy of compose.tls.yaml shims converse over wss, and large messages pass both ways', async (context) => {
  const hub = await startTestHub({ secret })
  const { port, authority } = await startProxy(hub.url, context)
  const shim = async (): Promise<Assistant> => {
    const assistant = await Assistant.start('claude-code', {
      BELLHOP_HOME: temporaryFolder(),
      BELLHOP_URL: `wss://localhost:${port}`,
      BELLHOP_SECRET: secret,
      NODE_EXTRA_CA_CERTS: authority,
    })
    onTestFinished(() => assistant.stop())
    return assistant
  }
  const [rose, barney] = [await shim(), await shim()]
  await rose.call('register', { name: 'rose' })
  await barney.call('register', { name: 'barney' })
  const waiting = barney.call('wait', { seconds: 20 })
  await rose.call('send', { to: 'barney', content: 'Pushed through TLS.' })
  expect((await waiting).text).toContain('Pushed through TLS.')

  const large = `begin ${'x'.repeat(2_000_000)} end`
  await barney.call('send', { to: 'rose', content: large })
  const [, path = ''] = /"([^"]+\/mail\/[^"]+)"/.exec((await rose.call('wait', { seconds: 20 })).text) ?? []
  expect(readFileSync(path, 'utf8').trimEnd().endsWith(large)).toBe(true)
})

test('the proxy passes on the name that was called, and the hub answers to none that it was not told', async (context) => {
  const statusUnder = async (allowedHosts: string[]): Promise<number | undefined> => {
    const hub = await startTestHub({ secret, allowedHosts })
    const { port, authority } = await startProxy(hub.url, context, 'hub.localhost')
    const headers = { host: `hub.localhost:${port}` }
    const ca = readFileSync(authority)
    const call = get({ host: '127.0.0.1', port, path: '/healthz', servername: 'hub.localhost', headers, ca })
    const [response] = (await once(call, 'response')) as [IncomingMessage]
    response.resume()
    return response.statusCode
  }
  expect(await statusUnder([])).toBe(403)
  expect(await statusUnder(['hub.localhost'])).toBe(200)
})
