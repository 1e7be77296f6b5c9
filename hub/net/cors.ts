import type { IncomingMessage, ServerResponse } from 'node:http'

/** Seconds for which a browser may remember that it may ask. */
const rememberSeconds = 600

/** What a page may do beyond the plainest requests, and read of an answer: all that blobs need [P-41], [P-42]. */
const preflight = {
  'access-control-allow-methods': 'GET, HEAD, POST',
  'access-control-allow-headers': 'authorization, content-type, range, x-bellhop-file-name',
  'access-control-max-age': String(rememberSeconds),
}

/**
 * Lets pages of allowed origins read what they ask for. Any other origin has been refused before this [S-6],
 * so the one in the header is answered as it stands. It gives no authority: each request still needs its
 * session. True where the request was a preflight, which is answered with this.
 */
export function answerOrigin({ method, headers }: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader('vary', 'origin')
  if (headers.origin === undefined) return false
  response.setHeader('access-control-allow-origin', headers.origin)
  response.setHeader('access-control-expose-headers', 'accept-ranges, content-range, etag')
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false
  response.writeHead(204, preflight).end()
  return true
}
