import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import process from 'node:process'
import { readLines, writeLine } from '../../local/lines.ts'
import { canMeet, listShims, shimPath } from '../../local/places.ts'
import { isAlive } from '../../local/processes.ts'
import type { About, Answer, Question } from '../../local/wire.ts'
import type { Conversation } from '../conversation.ts'
import type { HookMail } from './hook-mail.ts'
import type { Listeners } from '../routes/listeners.ts'
import { parseQuestion, settlementSchema } from './question.ts'

/** Connections at once: an assistant runs a few hooks side by side, no more. */
const connectionsMax = 64

interface DeskParts {
  readonly home: string
  readonly conversation: Conversation
  readonly hookMail: Pick<HookMail, 'take'>
  readonly listeners: Pick<Listeners, 'arrived'>
  readonly about: () => About
}

/**
 * Where hooks, wakers and plugins of the same assistant come: a Unix-domain socket, 0600 in a 0700 folder,
 * under a name that holds the assistant's process id.
 */
export class Desk {
  readonly #parts: DeskParts
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  constructor(parts: DeskParts) {
    this.#parts = parts
  }

  /** Opens it. Where that cannot be done, hooks find nobody, and mail takes its other routes. */
  start(): void {
    if (!canMeet || this.#server) return
    const path = shimPath(this.#parts.home, process.ppid, process.pid)
    try {
      prepareFolder(dirname(path))
      forgetTheDead(this.#parts.home)
    } catch {
      return
    }
    const server = createServer((socket) => this.#greet(socket))
    server.maxConnections = connectionsMax
    server.on('error', () => undefined)
    server.listen(path, () => chmodSync(path, 0o600))
    this.#server = server
  }

  /** Closes it; its file goes with it. */
  close(): void {
    this.#server?.close()
    this.#server = undefined
    for (const socket of this.#sockets) socket.destroy()
  }

  #greet(socket: Socket): void {
    socket.on('error', () => undefined)
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    let step = (value: unknown): void => {
      const question = parseQuestion(value)
      if (!question) return void socket.destroy()
      step = () => void socket.destroy()
      const judgement = this.#parts.conversation.judge(question)
      if (judgement === 'own') step = this.#answer(socket, question) ?? step
      else reply(socket, { kind: judgement })
    }
    readLines(socket, (value) => step(value))
  }

  /** Answers with what the next line is for, if there may be one. */
  #answer(socket: Socket, question: Question): ((value: unknown) => void) | undefined {
    switch (question.ask) {
      case 'about':
        reply(socket, { kind: 'about', shim: this.#parts.about() })
        return undefined
      case 'listen':
        this.#parts.listeners.arrived(question.kind, {
          tell: (answer) => reply(socket, answer),
          onGone: (gone) => socket.once('close', gone),
        })
        return undefined
      case 'show': {
        if (question.session !== undefined) {
          this.#parts.conversation.learn(question.session, question.headless ? 'headless' : 'attended')
        }
        const mail = this.#parts.hookMail.take(question)
        if (!mail) {
          reply(socket, { kind: 'nothing' })
          return undefined
        }
        socket.once('close', () => mail.settle('failed'))
        reply(socket, { kind: 'mail', text: mail.text })
        return (value) => {
          mail.settle(settlementSchema.safeParse(value).success ? 'written' : 'failed')
          reply(socket, { kind: 'settled' })
        }
      }
    }
  }
}

function reply(socket: Socket, answer: Answer): void {
  writeLine(socket, answer)
}

/** Nobody else may put a socket where hooks look for one. */
function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid, mode } = statSync(folder)
  if (uid !== process.getuid?.()) throw new Error(`${folder} belongs to somebody else`)
  if ((mode & 0o077) !== 0) chmodSync(folder, 0o700)
}

/** Shims that were killed leave their sockets behind. */
function forgetTheDead(home: string): void {
  for (const { path, pid } of listShims(home)) if (pid === process.pid || !isAlive(pid)) rmSync(path, { force: true })
}
