import { connect, type Socket } from 'node:net'
import { readLines, writeLine } from './lines.ts'
import { listShims } from './places.ts'
import { wireVersion, type About, type Answer, type ListenerKind, type Moment, type Question } from './wire.ts'

/** Mail that a shim has claimed for this program. Say what became of it: until then nobody else shows it. */
export interface Offer {
  readonly text: string
  /** It was completely handed over. Resolves when the shim knows. */
  written(): Promise<void>
  /** It was not: the mail is unread again. */
  failed(): void
}

/** A way to the shim of one conversation. Each call is a connection of its own. */
export interface ShimLink {
  /** Unread mail for the model, where there is any that may be shown now. */
  show(request: {
    readonly moment: Moment
    readonly budget: number
    readonly headless?: boolean
    readonly subagentEnded?: boolean
  }): Promise<Offer | undefined>
  /**
   * Follows the bell until the answer is called. `onEnd`: the shim has gone, or has a newer listener.
   */
  listen(
    kind: ListenerKind,
    onRing: (ring: { readonly text: string }) => void,
    onEnd?: (why: 'gone' | 'superseded') => void,
  ): () => void
}

export interface Search {
  /** Bellhop's folder. */
  readonly home: string
  /** Processes of which one started the shim, nearest first. */
  readonly ancestors: readonly number[]
  readonly assistant?: string | undefined
  /** The conversation, where one process holds several. */
  readonly session?: string | undefined
  /** The folder that the assistant works in, where one process works in several. */
  readonly cwd?: string | undefined
  /** Ends everything that is under way. */
  readonly signal: AbortSignal
}

/** The shim of the nearest of the given processes that has one; undefined where none answers for this conversation. */
export async function connectToShim(search: Search): Promise<ShimLink | undefined> {
  const places = listShims(search.home)
  const parent = search.ancestors.find((pid) => places.some((place) => place.parent === pid))
  const near = places.filter((place) => place.parent === parent)
  const answers = await Promise.all(near.map(async ({ path }) => ({ path, answer: await about(path, search) })))
  const own = answers.flatMap(({ path, answer }) => (answer?.kind === 'about' ? [{ path, shim: answer.shim }] : []))
  const unsure = answers.filter(({ answer }) => answer?.kind === 'unsure')
  const best = bestOf(own, search.cwd)
  if (best) return linkTo(best.path, search)
  if (own.length > 0) return undefined
  // Only where there is no doubt whose mail it would be.
  const only = unsure.length === 1 ? unsure[0] : undefined
  // It takes the conversation for its own with the question itself: known before that, and not yet known to
  // be at work or without a person, the conversation would be woken.
  return only && linkTo(only.path, search, { adopt: true })
}

/**
 * Of several shims of one process: that of this folder, where each has a project of its own; and the one
 * that has a name, and so has mail, where an assistant was given Bellhop twice.
 */
function bestOf(own: readonly { readonly path: string; readonly shim: About }[], cwd: string | undefined) {
  const here = own.filter(({ shim }) => shim.cwd === cwd)
  const folders = new Set(own.map(({ shim }) => shim.cwd))
  const candidates = here.length > 0 ? here : folders.size === 1 ? own : []
  return candidates.find(({ shim }) => shim.name !== undefined) ?? candidates[0]
}

/** Every running shim of this home. */
export async function findShims(home: string, signal: AbortSignal): Promise<About[]> {
  const search = { home, ancestors: [], signal }
  const answers = await Promise.all(listShims(home).map(({ path }) => about(path, search)))
  return answers.flatMap((answer) => (answer?.kind === 'about' ? [answer.shim] : []))
}

function about(path: string, search: Search): Promise<Answer | undefined> {
  return ask(path, search, { ...callerOf(search), ask: 'about' }).answer
}

function callerOf({ assistant, session }: Search) {
  return {
    v: wireVersion,
    ...(assistant !== undefined && { assistant }),
    ...(session !== undefined && { session }),
  } as const
}

function linkTo(path: string, search: Search, { adopt }: { readonly adopt?: true } = {}): ShimLink {
  const caller = { ...callerOf(search), ...(adopt && { adopt }) }
  return {
    async show({ moment, budget, headless, subagentEnded }) {
      const question = {
        ...caller,
        ask: 'show',
        moment,
        budget,
        ...(headless && { headless }),
        ...(subagentEnded && { subagentEnded }),
      } as const
      const { socket, answer } = ask(path, search, question, { keepOpen: true })
      const mail = await answer
      if (mail?.kind !== 'mail') return void socket.destroy()
      return {
        text: mail.text,
        written: () =>
          new Promise((resolve) => {
            socket.once('close', resolve)
            readLines(socket, () => socket.destroy())
            writeLine(socket, { outcome: 'written' })
          }),
        failed: () => socket.destroy(),
      }
    },
    listen(kind, onRing, onEnd = () => undefined) {
      let superseded = false
      const socket = open(path, search.signal)
      socket.once('close', () => onEnd(superseded ? 'superseded' : 'gone'))
      readLines(socket, (value) => {
        const answer = value as Answer
        if (answer.kind === 'ring') onRing({ text: answer.text })
        if (answer.kind === 'superseded') {
          superseded = true
          socket.destroy()
        }
      })
      writeLine(socket, { ...caller, ask: 'listen', kind } satisfies Question)
      return () => {
        onEnd = () => undefined
        socket.destroy()
      }
    },
  }
}

/** Asks one question; the answer is undefined where nobody gave one. */
function ask(path: string, { signal }: Search, question: Question, { keepOpen = false } = {}) {
  const socket = open(path, signal)
  const answer = new Promise<Answer | undefined>((resolve) => {
    socket.once('close', () => resolve(undefined))
    readLines(socket, (value) => {
      resolve(value as Answer)
      socket.removeAllListeners('data')
      if (!keepOpen) socket.destroy()
    })
  })
  writeLine(socket, question)
  return { socket, answer }
}

function open(path: string, signal: AbortSignal): Socket {
  const socket = connect(path)
  // A shim that was killed leaves its socket behind: "close" follows.
  socket.on('error', () => undefined)
  const end = (): void => void socket.destroy()
  if (signal.aborted) end()
  signal.addEventListener('abort', end, { once: true })
  socket.once('close', () => signal.removeEventListener('abort', end))
  return socket
}
