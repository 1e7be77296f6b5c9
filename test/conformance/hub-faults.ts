import { randomUUID } from 'node:crypto'
import { Bindings } from './resolve.ts'
import { changing, withParams, withResult, type Planted, type Tampering } from './tampering.ts'

/** What a hub may do wrong, planted before a hub that does it right. Each is made anew for every connection. */
export const hubFaults: Readonly<Record<string, Planted<Tampering>>> = {
  'gives a wrong proof': {
    tamper: () => ({
      fromHub: changing((frame) => (frame.result?.['hub'] ? withResult(frame, { proof: '0'.repeat(64) }) : undefined)),
    }),
    title: 'hub/handshake: both sides prove themselves',
    problem: /proof: expected/,
  },
  'lets in who does not know the secret': {
    tamper: (secret) => {
      let hubNonce = ''
      return {
        fromHub: changing((frame) => {
          if (frame.method === 'challenge') hubNonce = String(frame.params?.['nonce'])
          return undefined
        }),
        fromClient: changing((frame) =>
          frame.method === 'hello'
            ? withParams(frame, {
                proof: new Bindings(secret).proof('client', hubNonce, String(frame.params?.['nonce'])),
              })
            : undefined,
        ),
      }
    },
    title: 'hub/handshake: a wrong proof is refused, and the connection closed',
    problem: /answer to request 1 is .*"result"/,
  },
  'lets in every web page': {
    tamper: () => ({}),
    title: 'hub/handshake: an origin that nobody allowed is refused',
    problem: /answered with 101, not 403/,
  },
  'forgets acknowledgements': {
    tamper: () => ({
      fromClient: (frame, ways) =>
        frame.method === 'ack' && frame.id !== undefined
          ? ways.back({ id: frame.id, result: { settled: 1, waiting: 0 } })
          : ways.on(frame),
    }),
    title: 'hub/receiving: acknowledging twice changes nothing, and nothing goes back',
    problem: /settled: expected 0, got 1/,
  },
  'pushes twice': {
    tamper: () => ({
      fromHub: (frame, ways) => {
        ways.on(frame)
        if (frame.method === 'message') ways.on(frame)
      },
    }),
    title: 'hub/sending: the same client id is stored once',
    problem: /content: expected "the end", got "hello"/,
  },
  'loses a push': {
    tamper: () => ({
      fromHub: (frame, ways) => {
        if (frame.method !== 'message') ways.on(frame)
      },
    }),
    title: 'hub/receiving: a lost connection loses nothing',
    problem: /notification message did not come/,
  },
  'pushes in another order': {
    tamper: () => {
      const held: object[] = []
      return {
        fromHub: (frame, ways) => {
          if (frame.method === 'message' && held.push(frame) < 2) return
          ways.on(frame)
          if (frame.method === 'message') ways.on(held[0]!)
        },
      }
    },
    title: 'hub/sending: the same client id is stored once',
    problem: /content: expected "hello", got "the end"/,
  },
  'uses a seq again': {
    tamper: () => ({
      fromHub: changing((frame) => (frame.method === 'message' ? withParams(frame, { seq: 1 }) : undefined)),
    }),
    title: 'hub/sending: messages of one sender keep their order',
    problem: /seq: expected/,
  },
  'gives another error code': {
    tamper: () => ({
      fromHub: changing((frame) => (frame.error ? { ...frame, error: { ...frame.error, code: -32_000 } } : undefined)),
    }),
    title: 'hub/registering: its key brings a name back, and no other key does',
    problem: /code: expected -32006, got -32000/,
  },
  'says that a refusal is for good': {
    tamper: () => ({
      fromHub: changing((frame) =>
        frame.error
          ? { ...frame, error: { ...frame.error, data: { ...(frame.error['data'] as object), temporary: false } } }
          : undefined,
      ),
    }),
    title: 'hub/names-and-presence: one rename an hour',
    problem: /temporary: expected true, got false/,
  },
  'takes a name that is none': {
    tamper: () => ({
      fromClient: changing((frame) =>
        frame.method === 'register' && frame.params?.['name'] === 'ro se'
          ? withParams(frame, { name: 'ro_se' })
          : undefined,
      ),
    }),
    title: 'frames/requests: a name with a space',
    problem: /error: expected an object, got nothing/,
  },
  'stores a repeated send twice': {
    tamper: () => ({
      fromClient: changing((frame) =>
        frame.method === 'send' ? withParams(frame, { clientId: randomUUID() }) : undefined,
      ),
    }),
    title: 'hub/sending: the same client id is stored once',
    problem: /duplicate: expected true, got false/,
  },
  'believes who a sender says it is': {
    tamper: () => ({
      fromHub: changing((frame) =>
        frame.method === 'message' ? withParams(frame, { from: frame.params?.['to'] }) : undefined,
      ),
    }),
    title: 'hub/sending: the sender is who the session says',
    problem: /params\.from: expected/,
  },
  'closes with a code that says to come back': {
    tamper: () => ({ closeCode: () => 4000 }),
    title: 'hub/registering: a live session keeps its name until it is taken over',
    problem: /code: expected 4505, got 4000/,
  },
  'ignores the window': {
    tamper: () => ({
      fromClient: changing((frame) => (frame.method === 'register' ? withParams(frame, { window: 64 }) : undefined)),
    }),
    title: 'hub/receiving: a window of one holds back the second message',
    problem: /no message was to come/,
  },
  'says recovered whatever was lost': {
    tamper: () => ({
      fromHub: changing((frame) => (frame.result?.['epoch'] ? withResult(frame, { recovered: true }) : undefined)),
    }),
    title: 'hub/registering: the position of another ledger is not believed: everything unread comes again',
    problem: /recovered: expected false, got true/,
  },
  'takes fetched mail for read': {
    tamper: () => ({
      fromHub: (frame, ways) => {
        ways.on(frame)
        const messages = (frame.result?.['messages'] ?? []) as { id: string }[]
        const ids = messages.map(({ id }) => id)
        if (ids.length > 0) ways.back({ id: 900_000, method: 'ack', params: { ids, state: 'shown', route: 'fetch' } })
      },
    }),
    title: 'hub/receiving: a window of none pushes nothing, and fetch changes nothing',
    problem: /messages: expected a list of 2/,
  },
}
