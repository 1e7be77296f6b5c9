import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import {
  ClientError,
  createClient,
  type Client,
  type ClientOptions,
  type ClientState,
} from '../../../agents/client/index.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { FakeHub, secret } from './fake-hub.ts'

/** A folder that goes with the test. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'client-home-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return home
}

export async function startHub(...options: Parameters<typeof FakeHub.start>): Promise<FakeHub> {
  const hub = await FakeHub.start(...options)
  onTestFinished(() => hub[Symbol.asyncDispose]())
  return hub
}

/** A started client that is closed with the test, and everything that it said. */
export function startClient(options: Partial<ClientOptions> = {}): {
  client: Client
  clock: FakeClock
  messages: string[]
  events: string[]
} {
  const clock = new FakeClock()
  const client = createClient({
    client: { name: 'test' },
    home: options.home ?? temporaryHome(),
    environment: {},
    secret: () => secret,
    clock,
    random: () => 0.5,
    onError: (error) => {
      throw error
    },
    ...options,
  })
  const messages: string[] = []
  const events: string[] = []
  client.on('message', ({ id }) => messages.push(id))
  client.on('reset', () => events.push('reset'))
  client.on('state', ({ kind }) => events.push(kind))
  onTestFinished(async () => {
    const closed = client.close()
    clock.advance(10_000)
    await closed
  })
  client.start()
  return { client, clock, messages, events }
}

/** Hub and registered client. */
export async function registered(
  options: Partial<ClientOptions> = {},
): Promise<ReturnType<typeof startClient> & { hub: FakeHub }> {
  const hub = await startHub()
  const started = startClient({ address: hub.address, ...options })
  await started.client.register({ name: 'rose' })
  return { ...started, hub }
}

/** The present state when it is of this kind, or the next one that is. */
export function reached<K extends ClientState['kind']>(
  client: Client,
  kind: K,
): Promise<Extract<ClientState, { kind: K }>> {
  return new Promise((resolve) => {
    const look = (state: ClientState): void => {
      if (state.kind !== kind) return
      client.off('state', look)
      resolve(state as Extract<ClientState, { kind: K }>)
    }
    client.on('state', look)
    look(client.state)
  })
}

/** Cuts the connection and brings the client to its next attempt; resolves when it is registered again. */
export async function comeBack(client: Client, clock: FakeClock, hub: FakeHub): Promise<void> {
  hub.line.cut()
  await retry(client, clock)
  await reached(client, 'registered')
}

/** Waits until the client waits, and lets that time pass. */
export async function retry(client: Client, clock: FakeClock): Promise<void> {
  const { at } = await reached(client, 'waiting')
  clock.advance(at - clock.now())
}

/** Everything that was sent before this resolves has been handled by both sides. */
export async function roundTrip(client: Client, hub: FakeHub): Promise<void> {
  hub.rules.list = ({ answer }) => answer({ agents: [], total: 0, online: 0, more: false })
  await client.request('list', {})
}

/** What a promise is rejected with, as a `ClientError`. */
export async function failureOf(promise: Promise<unknown>): Promise<ClientError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ClientError)) throw new Error(`expected a ClientError, got ${String(error)}`)
  return error
}
