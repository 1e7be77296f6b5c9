import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { metricRows, readSettings, SettingError } from '../../../hub/index.ts'
import { closeCodes, errors } from '../../../protocol/index.ts'
import { startTestHub } from '../../support/hub.ts'
import { enter, refusal, say, secretOf, WirePeer } from '../../support/wire.ts'
import { parseExposition } from './parse.ts'
import { scrape } from './scrape.ts'

const token = 'a-token-of-some-length'
const bearer = (value: string) => ({ headers: { authorization: `Bearer ${value}` } })

test('on the socket, every metric of the table is there with its type and meaning, in a form that parses', async () => {
  const hub = await startTestHub()
  const { status, contentType, text } = await scrape({ socket: hub.socket! })
  expect({ status, contentType }).toEqual({ status: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8' })
  const families = parseExposition(text)
  for (const { name, type, meaning } of metricRows) {
    expect({ name, ...families.get(name) }).toMatchObject({ name, type, help: meaning })
    expect([name, families.get(name)!.samples.size > 0]).toEqual([name, true])
  }
  const names = [...families.keys()]
  for (const name of [
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
    'nodejs_eventloop_lag_p99_seconds',
  ]) {
    expect(names).toContain(name)
  }
  // Again at once: what has no value then is left out.
  parseExposition((await scrape({ socket: hub.socket! })).text)
})

test('over TCP nothing is there where no token is set', async () => {
  const hub = await startTestHub()
  const nothing = await fetch(`${hub.url.replace('ws:', 'http:')}/nothing`)
  const metrics = await scrape({ url: hub.url }, bearer(token))
  expect(metrics).toMatchObject({ status: 404, text: await nothing.text() })
  expect((await scrape({ url: hub.url }, bearer(''))).status).toBe(404)
})

test('over TCP they are for whoever has the token, and for nobody else', async () => {
  const hub = await startTestHub({ metricsToken: token })
  for (const headers of [{}, bearer('').headers, bearer(`${token}x`).headers, bearer(token.slice(1)).headers]) {
    const { status, text } = await scrape({ url: hub.url }, { headers })
    expect(status).toBe(401)
    expect(text).toContain('BELLHOP_METRICS_TOKEN')
    expect(text).not.toContain(token)
  }
  expect((await scrape({ url: hub.url }, { headers: { authorization: `Basic ${token}` } })).status).toBe(401)
  const { status, text } = await scrape({ url: hub.url }, bearer(token))
  expect(status).toBe(200)
  expect(
    parseExposition(text)
      .get('bellhop_refusals_total')
      ?.samples.get('bellhop_refusals_total{reason="authentication_failed"}'),
  ).toBe(5)
})

test('a token opens no other door, and the guards stand before it', async () => {
  const hub = await startTestHub({ metricsToken: token })
  const { headers } = bearer(token)
  expect((await scrape({ url: hub.url }, { headers: { ...headers, host: 'rebound.example' } })).status).toBe(403)
  expect((await scrape({ url: hub.url }, { headers: { ...headers, origin: 'http://page.example' } })).status).toBe(403)
  expect((await scrape({ url: hub.url }, { headers, method: 'POST' })).status).toBe(404)
  const blob = await fetch(`${hub.url.replace('ws:', 'http:')}/blobs/${'x'.repeat(21)}`, { headers })
  expect(blob.status).toBe(401)
})

test('a token is read from the environment alone, and a short one is refused', () => {
  expect(readSettings({ BELLHOP_METRICS_TOKEN: token }).metricsToken).toBe(token)
  expect(readSettings({}).metricsToken).toBe('')
  for (const bad of ['short', 'long enough, but of several words']) {
    expect(() => readSettings({ BELLHOP_METRICS_TOKEN: bad })).toThrow(SettingError)
  }
})

test('[S-9] no name, body, address, key, secret or token is in them, and labels have the values of tables', async () => {
  const hub = await startTestHub({ metricsToken: token })
  const secret = secretOf(hub.home.folder)
  const { peer: rose, attached, key } = await enter(hub, 'rose-canary')
  const { peer: claude } = await enter(hub, 'claude-canary')
  await rose.request('join', { topic: '#topic-canary' })
  await claude.request('join', { topic: '#topic-canary' })
  await say(rose, '#topic-canary', 'body-canary')
  await say(rose, 'stranger-canary', 'body-canary', { data: { canary: 'body-canary' } })
  await refusal(new WirePeer(hub.url).hello('secret-canary'))
  await refusal(claude.request('register', { name: 'rose-canary', key: 'k'.repeat(43) }))
  await hub.sweep()
  const { text } = await scrape({ socket: hub.socket! })
  for (const hidden of ['canary', secret, key, attached.session.token, token, hub.home.folder, '127.0.0.1']) {
    expect(text).not.toContain(hidden)
  }
  const own = [...parseExposition(text)].filter(([name]) => name.startsWith('bellhop_'))
  expect(own.map(([name]) => name).toSorted()).toEqual(metricRows.map(({ name }) => name).toSorted())
  const reasons = own.flatMap(([, { samples }]) =>
    [...samples.keys()].flatMap((key) => /reason="(.*)"/.exec(key)?.[1] ?? []),
  )
  expect(new Set(reasons)).toEqual(new Set([...Object.keys(errors), ...Object.keys(closeCodes)]))
})

test('the library is loaded when somebody asks, and not when a hub starts', () => {
  const source = readFileSync(join(import.meta.dirname, '../../../hub/metrics/exposition.ts'), 'utf8')
  const imports = [...source.matchAll(/^.*'prom-client'.*$/gm)].map(([line]) => line.trim())
  expect(imports.length).toBeGreaterThan(1)
  for (const line of imports) expect(line).toMatch(/^import type |import\('prom-client'\)/)
})
