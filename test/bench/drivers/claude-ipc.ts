import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import type { Address, Driver, Participant, Received } from '../driver.ts'

interface Answer {
  readonly status: 'ok' | 'error'
  readonly message?: string
  readonly session_token?: string
  readonly messages?: readonly { readonly message: { readonly content: string } }[]
}

type Ask = (request: object) => Promise<Answer>

/** Messages that are sent and not yet read, of all senders: its queues hold 100, and it listens for few at a time. */
const maxUnread = 16
/** Milliseconds between two looks of a reader that found nothing. */
const pollMs = 1

/** One request for each connection, and readers that poll: there is no push in its wire. `home` is its secret, if any. */
export function claudeIpcDriver({ url, home: secret = '' }: Address): Driver {
  const { hostname, port } = new URL(url)
  const ask: Ask = (request) => exchange(hostname, Number(port), request)
  const readers = new Map<string, Reader>()
  const room = new Room(maxUnread)
  return {
    async join(name, received) {
      const proof = secret === '' ? '' : createHash('sha256').update(`${name}:${secret}`).digest('hex')
      const registered = await ask({ action: 'register', instance_id: name, auth_token: proof })
      const token = registered.session_token ?? ''
      const reader = new Reader(ask, name, token, (body) => {
        room.give()
        received(body)
      })
      readers.set(name, reader)
      return {
        async send(to, content) {
          await room.take()
          readers.get(to)?.start()
          await ask({ action: 'send', from_id: name, to_id: to, message: { content }, session_token: token })
        },
        leave: () => reader.stop(),
      } satisfies Participant
    },
  }
}

/** Looks for mail again and again, from the first message on. */
class Reader {
  readonly #ask: Ask
  readonly #name: string
  readonly #token: string
  readonly #received: Received
  #polling: Promise<void> | undefined
  #stopped = false

  constructor(ask: Ask, name: string, token: string, received: Received) {
    this.#ask = ask
    this.#name = name
    this.#token = token
    this.#received = received
  }

  start(): void {
    this.#polling ??= this.#poll()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#polling
  }

  async #poll(): Promise<void> {
    while (!this.#stopped) {
      const request = { action: 'check', instance_id: this.#name, session_token: this.#token }
      const { messages = [] } = await this.#ask(request)
      for (const { message } of messages) this.#received(message.content)
      if (messages.length === 0) await delay(pollMs)
    }
  }
}

/** Places that are taken before something is sent and given back when it was read. */
class Room {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(places: number) {
    this.#free = places
  }

  async take(): Promise<void> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  give(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#free += 1
  }
}

/** Rejects where the broker refuses, or answers nothing that can be read. */
async function exchange(host: string, port: number, request: object): Promise<Answer> {
  const socket = connect(port, host)
  // The broker closes; until then this half stays open, or it would not answer.
  socket.write(JSON.stringify(request))
  const answer = JSON.parse(await text(socket)) as Answer
  socket.destroy()
  if (answer.status !== 'ok') throw new Error(answer.message ?? 'refused')
  return answer
}
