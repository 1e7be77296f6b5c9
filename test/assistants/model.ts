import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** What the model says in one turn: its last words, or one tool call. */
export type Reply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly tool: string; readonly args: Readonly<Record<string, unknown>> }

export interface ModelRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly body: string
}

/** An HTTP answer, as a vendor's server would give it. */
export interface ModelAnswer {
  readonly status?: number
  readonly type: 'text/event-stream' | 'application/json'
  readonly body: string
}

/** How one vendor's models are spoken to. */
export interface Dialect {
  /**
   * A turn of the conversation, which the test answers; an answer, where the request stands beside the
   * conversation (a title, a token count); undefined for what this vendor's models do not know.
   */
  read(request: ModelRequest): 'turn' | ModelAnswer | undefined
  write(reply: Reply, request: ModelRequest): ModelAnswer
}

export interface Turn {
  /** The request as it was sent: where a canary must stand to have been seen. */
  readonly body: string
  /** How many turns came before. */
  readonly index: number
}

/** A promise holds the turn open: the assistant is busy until it resolves. */
export type Answering = (turn: Turn) => Reply | Promise<Reply>

/** Milliseconds that a turn may take to come: below a test's own limit, so that the message tells what came. */
const patienceMs = 20_000
/** Of each request in that message. */
const endCharacters = 500

interface Waiter {
  readonly wants: (body: string) => boolean
  readonly resolve: (body: string) => void
}

/** A model on loopback that says what a test wants, and keeps what it was sent. Closed when the test ends. */
export class ScriptedModel {
  readonly url: string
  answer: Answering = () => ({ kind: 'text', text: 'Done.' })
  /** The turns of the conversation, in their order. */
  readonly requests: string[] = []
  /** Requests beside the conversation, and those that the dialect does not know (`known: false`). */
  readonly asides: { readonly request: ModelRequest; readonly known: boolean }[] = []
  readonly #dialect: Dialect
  readonly #waiters = new Set<Waiter>()

  private constructor(url: string, dialect: Dialect) {
    this.url = url
    this.#dialect = dialect
  }

  static async start(dialect: Dialect): Promise<ScriptedModel> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const model = new ScriptedModel(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, dialect)
    server.on('request', (request, response) => void model.#serve(request, response))
    return model
  }

  /** The first turn, past or to come, that fits. Rejects when none does in time. */
  until(wants: (body: string) => boolean): Promise<string> {
    const past = this.requests.find(wants)
    if (past !== undefined) return Promise.resolve(past)
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(this.#whatCame())), patienceMs)
      this.#waiters.add({
        wants,
        resolve(body) {
          clearTimeout(late)
          resolve(body)
        },
      })
    })
  }

  #whatCame(): string {
    const ends = this.requests.map((body, index) => `${index}: …${endOf(body).slice(-endCharacters)}`)
    return `no turn like this in ${patienceMs} ms; there were ${ends.length}:\n${ends.join('\n')}`
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // An assistant that is interrupted hangs up.
    response.on('error', () => undefined)
    try {
      const body = await text(incoming)
      const answer = await this.#answerTo({ method: incoming.method ?? '', url: incoming.url ?? '', body })
      response.writeHead(answer.status ?? 200, { 'content-type': answer.type }).end(answer.body)
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
    }
  }

  async #answerTo(request: ModelRequest): Promise<ModelAnswer> {
    const reading = this.#dialect.read(request)
    if (reading !== 'turn') {
      this.asides.push({ request, known: reading !== undefined })
      return reading ?? { status: 404, type: 'application/json', body: '{"error":{"message":"not known here"}}' }
    }
    const turn = { body: request.body, index: this.requests.length }
    this.requests.push(request.body)
    for (const waiter of this.#waiters) {
      if (!waiter.wants(request.body)) continue
      this.#waiters.delete(waiter)
      waiter.resolve(request.body)
    }
    return this.#dialect.write(await this.answer(turn), request)
  }
}

/** What a request says last, whatever its vendor calls the conversation. */
function endOf(body: string): string {
  const { messages, input, contents } = JSON.parse(body) as Readonly<Record<string, unknown[]>>
  return JSON.stringify((messages ?? input ?? contents ?? []).slice(-2))
}

/** Server-sent events, as all vendors stream their replies. */
export function eventStream(
  events: readonly { readonly event?: string; readonly data: object | string }[],
): ModelAnswer {
  const lines = events.map(({ event, data }) => {
    const payload = typeof data === 'string' ? data : JSON.stringify(data)
    return `${event === undefined ? '' : `event: ${event}\n`}data: ${payload}\n\n`
  })
  return { type: 'text/event-stream', body: lines.join('') }
}
