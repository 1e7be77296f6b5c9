import { collect, type Exchange } from './blobs.ts'
import { describeEndpoint, httpUrl, noAddress } from './endpoint.ts'

/** The part of a `Response` that is used here. */
interface Answer {
  readonly status: number
  readonly body: { getReader(): Reader } | null
}

interface Reader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
  cancel(): Promise<void>
}

/** HTTP by the standard `fetch`. From a web page, the hub lets it through where it allows the page's origin. */
export const fetchExchange: Exchange = async (endpoint, { method, path, headers, body, signal, ...receiving }) => {
  if (endpoint.kind !== 'tcp') throw noAddress(describeEndpoint(endpoint), 'Use ws://host:port or wss://host here.')
  const answer: Answer = await fetch(httpUrl(endpoint, path), {
    method,
    headers,
    signal,
    // The session is the only authority; and nothing that a peer sent is left in a cache.
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
    ...(body && { body: body as Uint8Array<ArrayBuffer> }),
  })
  return { status: answer.status, bytes: await collect(chunksOf(answer), receiving) }
}

/** Not every browser can iterate a stream. */
async function* chunksOf({ body }: Answer): AsyncGenerator<Uint8Array> {
  if (!body) return
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done || !value) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}
