import { Bindings } from './resolve.ts'
import { changing, withParams, withResult, type LooseFrame, type Planted, type Tampering } from './tampering.ts'

/** A fault of a client may also sit in what its program is told. */
export interface ClientTampering extends Tampering {
  /** What is written in place of a line of the driver. */
  readonly written?: (line: LooseFrame & { readonly event?: string }) => readonly object[]
}

const resumed = 'client/returning: it resumes with its session and the highest seq that it was pushed'
const repeated = 'client/returning: an unanswered send is repeated under its client id, in order'

/** What a client may do wrong, planted in one that does it right. Each keeps its memory over connections. */
export const clientFaults: Readonly<Record<string, Planted<ClientTampering>>> = {
  'repeats a send under a new client id': {
    tamper: () => {
      const used = new Set<unknown>()
      return {
        fromClient: changing((frame) => {
          if (frame.method !== 'send') return undefined
          const { clientId } = frame.params ?? {}
          if (used.has(clientId)) return withParams(frame, { clientId: `again-${String(clientId)}` })
          used.add(clientId)
          return undefined
        }),
      }
    },
    title: repeated,
    problem: /clientId: expected/,
  },
  'does not repeat an unanswered send': {
    tamper: () => {
      const used = new Set<unknown>()
      return {
        fromClient: (frame, ways) => {
          const isAgain = frame.method === 'send' && used.has(frame.params?.['clientId'])
          if (frame.method === 'send') used.add(frame.params?.['clientId'])
          if (!isAgain) ways.on(frame)
        },
      }
    },
    title: repeated,
    problem: /request send did not come/,
  },
  'sends its key before the hub has proved itself': {
    tamper: () => ({
      fromClient: (frame, ways) => {
        ways.on(frame)
        if (frame.method === 'hello') {
          ways.on({ id: 900, method: 'register', params: { name: 'rose', key: 'A'.repeat(43) } })
        }
      },
    }),
    title: 'client/handshake: a hub with a wrong proof gets no key',
    problem: /no register was to come/,
  },
  "does not look at the hub's proof": {
    tamper: (secret) => {
      let hubNonce = ''
      let nonce = ''
      return {
        fromClient: changing((frame) => {
          if (frame.method === 'hello') nonce = String(frame.params?.['nonce'])
          return undefined
        }),
        fromHub: changing((frame) => {
          if (frame.method === 'challenge') hubNonce = String(frame.params?.['nonce'])
          if (!frame.result?.['hub']) return undefined
          return withResult(frame, { proof: new Bindings(secret).proof('hub', hubNonce, nonce) })
        }),
      }
    },
    title: 'client/handshake: a hub without a proof gets no key',
    problem: /client's end of the connection did not come/,
  },
  'sends the secret': {
    tamper: (secret) => ({
      fromClient: changing((frame) => (frame.method === 'hello' ? withParams(frame, { secret }) : undefined)),
    }),
    title: 'client/handshake: it proves itself and is ready',
    problem: /sent the secret/,
  },
  "proves itself in the hub's role": {
    tamper: (secret) => {
      let hubNonce = ''
      return {
        fromHub: changing((frame) => {
          if (frame.method === 'challenge') hubNonce = String(frame.params?.['nonce'])
          return undefined
        }),
        fromClient: changing((frame) =>
          frame.method === 'hello'
            ? withParams(frame, { proof: new Bindings(secret).proof('hub', hubNonce, String(frame.params?.['nonce'])) })
            : undefined,
        ),
      }
    },
    title: 'client/handshake: it proves itself and is ready',
    problem: /client's proof does not fit/,
  },
  'hands a message out twice': {
    tamper: () => ({ written: (line) => (line.event === 'message' ? [line, line] : [line]) }),
    title: resumed,
    problem: /id: expected "k3x9q2ab-7", got "k3x9q2ab-5"/,
  },
  'comes back after a final close': {
    tamper: () => ({ closeCode: () => 4000 }),
    title: 'client/returning: it stays away after taken_over',
    problem: /"closed".* did not come.*\n.*connected again/,
  },
  'resumes without its position': {
    tamper: () => ({
      fromClient: changing((frame) =>
        frame.method === 'resume' ? withParams(frame, { position: undefined }) : undefined,
      ),
    }),
    title: resumed,
    problem: /position: expected an object/,
  },
  'resumes from a place behind': {
    tamper: () => ({
      fromClient: changing((frame) =>
        frame.method === 'resume' ? withParams(frame, { position: { epoch: 'k3x9q2ab', seq: 5 } }) : undefined,
      ),
    }),
    title: resumed,
    problem: /seq: expected 7, got 5/,
  },
  'comes back sooner than it was asked to': {
    tamper: () => ({
      fromHub: changing((frame) =>
        frame.method === 'closing' ? { ...frame, params: { reason: 'going_away' } } : undefined,
      ),
    }),
    title: 'client/returning: it comes back after 4000, no sooner than it was asked to',
    problem: /came back after \d+ ms, not 1450/,
  },
  'stumbles over a notification of a later revision': {
    tamper: () => ({ fromHub: (frame, ways) => (frame.method === 'weather' ? ways.cut() : ways.on(frame)) }),
    title: 'frames/notifications: a notification of a later revision',
    problem: /did not come/,
  },
  'acknowledges what nobody has seen': {
    tamper: () => ({
      fromHub: (frame, ways) => {
        ways.on(frame)
        if (frame.method !== 'message') return
        ways.back({ id: 900, method: 'ack', params: { ids: [frame.params?.['id']], state: 'shown', route: 'wait' } })
      },
    }),
    title: 'client/working: nothing is acknowledged unasked',
    problem: /no ack was to come/,
  },
  'uses an id twice': {
    tamper: () => {
      const last: { id?: number | undefined } = {}
      return {
        fromClient: changing((frame) => {
          last.id = frame.id
          return { ...frame, id: 1 }
        }),
        fromHub: changing((frame) => (frame.id === 1 && last.id !== undefined ? { ...frame, id: last.id } : undefined)),
      }
    },
    title: 'client/handshake: it proves itself and is ready',
    problem: /used the id 1 twice/,
  },
  'swallows the next step of a refusal': {
    tamper: () => ({
      written: (line) => [line.error ? { ...line, error: { ...line.error, next: 'Try again.' } } : line],
    }),
    title: 'client/working: a refusal is handed on with its reason and the next step',
    problem: /next: expected "Choose another name, please\."/,
  },
}
