import { onTestFinished } from 'vitest'
import { createClient, type Client, type ClientEvents } from '../../agents/client/index.ts'
import { limits, type Message } from '../../protocol/index.ts'
import { bareEnvironment } from './environment.ts'

/** A client of the library that says what happened to it. */
export interface TestClient {
  readonly client: Client
  /** Everything that it was pushed, in its order, over all connections. */
  readonly messages: Message[]
  /** How often what it held became void. */
  readonly resets: () => number
  /** Resolves when so many messages have come in all. */
  untilMessages(count: number): Promise<void>
  /** The next event of a kind. Ask before you cause it. */
  next<E extends keyof ClientEvents>(event: E): Promise<ClientEvents[E]>
}

/** A started client, closed when the test ends; with a name, if one is given. */
export async function startClient(env: Record<string, string>, name?: string): Promise<TestClient> {
  const client = createClient({
    client: { name: 'e2e' },
    environment: { ...bareEnvironment, ...env },
    window: 1_024,
    onError: (error) => {
      throw error
    },
  })
  onTestFinished(() => client.close())
  const messages: Message[] = []
  let resets = 0
  client.on('message', (message) => messages.push(message))
  client.on('reset', () => (resets += 1))
  client.start()
  const next: TestClient['next'] = (event) =>
    new Promise((resolve) => {
      const listener = (...args: ClientEvents[typeof event]): void => {
        client.off(event, listener)
        resolve(args)
      }
      client.on(event, listener)
    })
  if (name !== undefined) await client.register({ name })
  return {
    client,
    messages,
    resets: () => resets,
    async untilMessages(count) {
      while (messages.length < count) await next('message')
    },
    next,
  }
}

/** Acknowledges so many messages from one on, as they come: a window holds back what lies behind it. */
export async function readAll(
  { client, messages, untilMessages }: TestClient,
  from: number,
  count: number,
): Promise<void> {
  let read = 0
  while (read < count) {
    await untilMessages(from + read + 1)
    const ids = messages.slice(from + read, from + read + limits.ackIds).map(({ id }) => id)
    read += ids.length
    await client.ack(ids, 'shown', 'fetch')
  }
}
