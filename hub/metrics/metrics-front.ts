import { createHash, timingSafeEqual } from 'node:crypto'
import { metricsPath } from '../../protocol/index.ts'
import { respond, type Answer, type Front } from '../net/http.ts'
import { expose } from './exposition.ts'
import { takeReading, type Sources } from './reading.ts'

/** Who may read figures: whoever comes to a door that only this user has, or whoever knows the token. */
export type Readers = { readonly kind: 'anybody' } | { readonly kind: 'token'; readonly token: string }

/** `GET /metrics`. Where no token is set, nothing is there for the network. */
export function createMetricsFront(sources: Sources, readers: Readers): Front {
  return {
    async handle(request, response, path) {
      if (path !== metricsPath || request.method !== 'GET') return undefined
      if (readers.kind === 'token') {
        if (readers.token === '') return undefined
        if (!isToken(readers.token, request.headers.authorization)) return refused
      }
      const { contentType, text } = await expose(await takeReading(sources))
      respond(response, 200, text, { 'content-type': contentType, 'cache-control': 'no-store' })
      return { status: 'sent' }
    },
  }
}

/** Hashed first, so that neither the length nor the beginning of the token shows in how long it takes. */
function isToken(token: string, authorization = ''): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
  return timingSafeEqual(hash(given), hash(token))
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

const refused: Answer = {
  status: 401,
  failure: {
    reason: 'authentication_failed',
    message: 'The token for the metrics is missing or wrong.',
    next: 'Send the value of BELLHOP_METRICS_TOKEN as "Authorization: Bearer <token>", or ask on the socket in the home.',
  },
}
