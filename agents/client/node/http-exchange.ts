import { request as requestHttp, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { Readable } from 'node:stream'
import { collect, type Exchange } from '../blobs.ts'
import { httpUrl, type Endpoint } from '../endpoint.ts'

/** HTTP over TCP or a Unix-domain socket, which `fetch` cannot reach. */
export const httpExchange: Exchange = async (
  endpoint,
  { method, path, headers, body, signal, onSent, ...receiving },
) => {
  const length = body && { 'content-length': String(body.byteLength) }
  // No pooled connections: one to a hub that has restarted since would fail for no reason.
  const options: RequestOptions = { method, headers: { ...headers, ...length }, agent: false, signal }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const outgoing = open(endpoint, path, options).on('response', resolve).on('error', reject)
  if (body && onSent) Readable.from(pieces(body, onSent)).pipe(outgoing)
  else outgoing.end(body)
  try {
    const incoming = await promise
    const bytes = await collect(incoming as AsyncIterable<Uint8Array>, receiving)
    return { status: incoming.statusCode ?? 0, bytes }
  } catch (error) {
    outgoing.destroy()
    throw error
  }
}

/** Bytes of a piece whose leaving is told. */
const pieceBytes = 64 * 1024

/** The next piece is asked for when there is room for it: then those before it have left. */
function* pieces(body: Uint8Array, onSent: (bytes: number) => void): Generator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += pieceBytes) {
    onSent(at)
    yield body.subarray(at, at + pieceBytes)
  }
  onSent(body.byteLength)
}

function open(endpoint: Endpoint, path: string, options: RequestOptions): ClientRequest {
  if (endpoint.kind === 'unix') return requestHttp({ ...options, socketPath: endpoint.path, path })
  const url = httpUrl(endpoint, path)
  return url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options)
}
