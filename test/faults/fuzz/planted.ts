import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Connection } from '../../../hub/connection.ts'
import { HttpFront } from '../../../hub/net/http.ts'
import { canary } from './canary.ts'

type Change = (connection: Connection, frame: string, pass: (frame: string) => void) => void

/** Puts something between a hub and what it writes. */
function onWrite(change: Change): void {
  const { write } = Connection.prototype
  Connection.prototype.write = function changed(frame) {
    change(this, frame, (text) => write.call(this, text))
  }
}

/** Puts something between a hub and what it reads. */
function onText(change: Change): void {
  const { text } = Connection.prototype
  Connection.prototype.text = function changed(frame) {
    change(this, frame, (passed) => text.call(this, passed))
  }
}

const isAnswer = (frame: string): boolean => frame.includes('"result":') || frame.includes('"error":')
const isMessage = (frame: string): boolean => frame.includes('"method":"message"')

/** True for every so manieth call. */
function every(count: number): () => boolean {
  let calls = 0
  return () => (calls += 1) % count === 0
}

/** What a hub may do wrong. Each is put into the classes of a whole hub, in its process. */
const faults = {
  'shows the mail of others': () => {
    const all = new Set<Connection>()
    onText((connection, frame, pass) => {
      all.add(connection)
      pass(frame)
    })
    onWrite((connection, frame, pass) => {
      pass(frame)
      if (isMessage(frame))
        for (const other of all)
          if (other !== connection)
            Connection.prototype.write.call(other, frame.replace('"method":"message"', '"method" :"message"'))
    })
  },
  'answers twice': () => {
    const now = every(20)
    onWrite((_connection, frame, pass) => {
      pass(frame)
      if (isAnswer(frame) && now()) pass(frame)
    })
  },
  'forgets an answer': () => {
    const now = every(200)
    onWrite((_connection, frame, pass) => {
      if (!isAnswer(frame) || !now()) pass(frame)
    })
  },
  'makes an error up': () =>
    onWrite((_connection, frame, pass) => pass(frame.replace('"code":-32602', '"code":-32099'))),
  'fails inside': () =>
    onWrite((_connection, frame, pass) =>
      pass(
        frame.replace(
          /"error":\{"code":-32013.*$/,
          '"error":{"code":-32603,"message":"","data":{"reason":"internal","temporary":true,"next":""}}}',
        ),
      ),
    ),
  'answers with half a result': () =>
    onWrite((_connection, frame, pass) => pass(frame.replace('"settled":', '"sett":'))),
  'dies of a frame': () =>
    onText((_connection, frame, pass) => {
      if (frame.includes('"urgent"')) setImmediate(() => JSON.parse('{'))
      pass(frame)
    }),
  'rejects where nobody looks': () =>
    onText((_connection, frame, pass) => {
      if (frame.includes('"urgent"')) void Promise.reject(new Error('nobody looks here'))
      pass(frame)
    }),
  'keeps what it was sent': () => {
    const kept: Buffer[] = []
    onText((_connection, frame, pass) => {
      kept.push(Buffer.alloc(16 * 1024, kept.length))
      pass(frame)
    })
  },
  'closes with a code of its own': () => {
    const { close } = Connection.prototype
    Connection.prototype.close = function changed(reason, after) {
      if (reason === 'bad_frame') close.call(this, 'invented' as typeof reason, after)
      else close.call(this, reason, after)
    }
  },
  'pushes twice': () =>
    onWrite((_connection, frame, pass) => {
      pass(frame)
      if (isMessage(frame)) pass(frame)
    }),
  'loses a push': () => {
    const now = every(10)
    onWrite((_connection, frame, pass) => {
      if (!isMessage(frame) || !now()) pass(frame)
    })
  },
  'pushes in another order': () => {
    const now = every(3)
    const held = new Map<Connection, string>()
    onWrite((connection, frame, pass) => {
      const earlier = held.get(connection)
      if (frame.includes(canary) && isMessage(frame) && earlier === undefined && now()) {
        held.set(connection, frame)
        return
      }
      pass(frame)
      if (earlier !== undefined && isMessage(frame)) {
        held.delete(connection)
        pass(earlier)
      }
    })
  },
  'dies of a binary frame': () => {
    Connection.prototype.binary = () => {
      throw new Error('binary')
    }
  },
  'goes deaf after a ping': () => {
    let deaf = false
    const { pong } = Connection.prototype
    Connection.prototype.pong = function changed() {
      deaf = true
      pong.call(this)
    }
    onText((_connection, frame, pass) => {
      if (!deaf) pass(frame)
    })
  },
  'dies of a header': () =>
    onRequest(({ headers }) => {
      if (headers.range !== undefined) setImmediate(() => new URL(String(headers.range)))
      return false
    }),
  'shows blobs to everybody': () =>
    onRequest((request, response) => {
      const handle = /^\/blobs\/([\w-]{21})/.exec(request.url ?? '')?.[1]
      if (handle === undefined) return false
      createReadStream(join(process.env['BELLHOP_HOME'] ?? '', 'blobs', handle))
        .on('error', () => response.writeHead(404).end())
        .pipe(response)
      return true
    }),
  'answers 500': () =>
    onRequest(({ headers }, response) => {
      if (headers.range === undefined) return false
      response.writeHead(500, { 'content-length': 0 }).end()
      return true
    }),
} satisfies Record<string, () => void>

/** Puts something before the HTTP side; true: it has answered. */
function onRequest(take: (...exchange: Parameters<HttpFront['handle']>) => boolean): void {
  const { handle } = HttpFront.prototype
  HttpFront.prototype.handle = async function changed(request, response) {
    if (!take(request, response)) await handle.call(this, request, response)
  }
}

export type PlantedFault = keyof typeof faults

/** Puts a fault into this process's hub. */
export function plant(name: string): void {
  if (!Object.hasOwn(faults, name)) throw new Error(`there is no fault "${name}"`)
  faults[name as PlantedFault]()
}
