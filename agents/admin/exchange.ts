import { request as requestHttp, type IncomingMessage } from 'node:http'
import { z } from 'zod'
import { WireError } from '../../protocol/codec.ts'
import { ClientError } from '../client/index.ts'
import { misunderstood, refusal, unreachable } from '../client/failures.ts'
import type { Endpoint } from '../client/endpoint.ts'

export type LocalEndpoint = Extract<Endpoint, { kind: 'unix' }>

/** Bytes of an answer, or of one line of it. */
const answerBytes = 4 * 1024 * 1024

const ErrorBody = z.object({ error: WireError })

interface Request {
  readonly path: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Uint8Array | string
}

/** Reads what is at a path, as text. Rejects with `ClientError`. */
export async function readText(endpoint: LocalEndpoint, path: string): Promise<string> {
  return collect(await open(endpoint, { path, method: 'GET', body: '' }), endpoint)
}

/** One request to the admin part of a hub, answered by JSON of this shape. Rejects with `ClientError`. */
export async function exchange<T extends z.ZodType>(
  endpoint: LocalEndpoint,
  request: Request,
  schema: T,
): Promise<z.output<T>> {
  const incoming = await open(endpoint, request)
  const answer = schema.safeParse(parse(await collect(incoming, endpoint)))
  if (!answer.success) throw misunderstood(`the answer to ${request.path} does not fit`)
  return answer.data
}

/** The same for an answer that comes in lines, each as soon as it is there. */
export async function* exchangeLines<T extends z.ZodType>(
  endpoint: LocalEndpoint,
  request: Request,
  schema: T,
): AsyncGenerator<z.output<T>> {
  let rest = ''
  const incoming = await open(endpoint, request)
  incoming.setEncoding('utf8')
  try {
    for await (const chunk of incoming as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > answerBytes) throw misunderstood(`a line of the answer to ${request.path} does not end`)
      for (const line of lines) {
        const read = schema.safeParse(parse(line))
        if (!read.success) throw misunderstood(`a line of the answer to ${request.path} does not fit`)
        yield read.data
      }
    }
  } catch (error) {
    throw toClientError(error, endpoint)
  }
}

async function open(
  endpoint: LocalEndpoint,
  { path, method = 'POST', headers = {}, body }: Request,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  // No pooled connections: one to a hub that has restarted since would fail for no reason.
  requestHttp({ socketPath: endpoint.path, method, path, agent: false, headers: { ...headers } })
    .on('response', resolve)
    .on('error', (error) => reject(unreachable(endpoint, error.message)))
    .end(body)
  const incoming = await promise
  const status = incoming.statusCode ?? 0
  if (status >= 200 && status < 300) return incoming
  const refused = ErrorBody.safeParse(parse(await collect(incoming, endpoint)))
  if (status === 404) throw misunderstood(`there is no ${path}`)
  throw refused.success ? refusal(refused.data.error) : unreachable(endpoint, `HTTP status ${status}`)
}

async function collect(incoming: IncomingMessage, endpoint: LocalEndpoint): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength
      if (bytes > answerBytes) throw misunderstood(`an answer holds more than ${answerBytes} bytes`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw toClientError(error, endpoint)
  }
  return Buffer.concat(chunks, bytes).toString('utf8')
}

function toClientError(error: unknown, endpoint: LocalEndpoint): ClientError {
  if (error instanceof ClientError) return error
  return unreachable(endpoint, error instanceof Error ? error.message : String(error))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
