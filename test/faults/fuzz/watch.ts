import { closeCodes, decodeIncoming, errors, methods, type Method } from '../../../protocol/index.ts'
import { canary } from './canary.ts'
import type { Ending } from './raw-peer.ts'
import { Violation } from './violation.ts'

/** Frames that are kept to be shown when something goes wrong, and characters of each. */
const framesKept = 24
const charactersKept = 400

/** What no request may bring about, however it is made. */
const forbiddenReasons = new Set(['internal', 'storage_unavailable', 'shutting_down'])

const codesInTable = new Set<number>(Object.values(closeCodes).map(({ code }) => code))
/** WebSocket's own: protocol error, kind of data, not UTF-8, policy (too many fragments), too large. */
const webSocketCodes = new Set([1002, 1003, 1007, 1008, 1009])

interface Answer {
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: unknown
  readonly error?: { readonly code?: unknown; readonly data?: { readonly reason?: unknown } }
}

/** One push in so many is held against the schemas, which costs far more than the push; each is looked at for mail of others. */
const pushesPerCheck = 8

/** Watches one connection: each frame that was sent gets exactly one answer, and each answer fits the protocol. */
export class Watch {
  readonly #unanswered = new Map<string, { count: number; readonly methods: Set<Method> }>()
  readonly #last: string[] = []
  #waiting = 0
  #pushes = 0
  /** Noise was sent, which may hold frames by chance: they are answered too. */
  noisy = false
  /** Called with each notification's name and parameters. */
  onNotification: (method: string, params: Readonly<Record<string, unknown>>) => void = () => {}
  /** Called with each result. */
  onResult: (method: Method, result: unknown) => void = () => {}

  /** Answers that are due. */
  get waiting(): number {
    return this.#waiting
  }

  /** The frames that were sent last, oldest first. */
  get last(): readonly string[] {
    return this.#last
  }

  /** A text frame goes out. `note`: a word for the record that is not a frame. */
  sent(text: string): void {
    this.note(text)
    const { id, method } = readRequest(text)
    const due = this.#unanswered.get(id) ?? { count: 0, methods: new Set() }
    due.count += 1
    if (method !== undefined) due.methods.add(method)
    this.#unanswered.set(id, due)
    this.#waiting += 1
  }

  /** Something goes out that is shown when it goes wrong. */
  note(text: string): void {
    this.#last.push(text.length > charactersKept ? `${text.slice(0, charactersKept)}… (${text.length})` : text)
    if (this.#last.length > framesKept) this.#last.shift()
  }

  /** A text frame came. Throws `Violation`. */
  received(text: string): void {
    if (text.includes(canary)) throw new Violation(`a frame with another agent's mail: ${text.slice(0, 300)}`)
    const frame = JSON.parse(text) as Answer
    if (frame.method !== undefined) return this.#notified(frame, text)
    const key = typeof frame.id === 'number' ? `${frame.id}` : 'null'
    const due = this.#unanswered.get(key)
    if (!due && key === 'null' && this.noisy) return
    if (!due) throw new Violation(`an answer that nobody waits for: ${text.slice(0, 300)}`)
    this.#waiting -= 1
    due.count -= 1
    if (due.count === 0) this.#unanswered.delete(key)
    if (frame.error !== undefined) checkError(frame.error, text)
    else this.#checkResult(due.methods, frame.result, text)
  }

  /** How a connection ended that broke no rule of WebSocket's. Throws `Violation`. */
  static checkEnding(ending: Ending, webSocketToo: boolean): void {
    if (ending.kind === 'cut') throw new Violation('the hub cut a connection without a close frame')
    if (codesInTable.has(ending.code) || (webSocketToo && webSocketCodes.has(ending.code))) return
    throw new Violation(`the hub closed with ${ending.code}, which is no close code of the protocol`)
  }

  #notified({ method, params }: Answer, text: string): void {
    this.#pushes += 1
    if (this.#pushes % pushesPerCheck === 1 && decodeIncoming(text).kind !== 'notification') {
      throw new Violation(`a notification that does not fit the protocol: ${text.slice(0, 300)}`)
    }
    this.onNotification(String(method), params ?? {})
  }

  /** Mutants of one frame may share an id: the result must fit one of what was asked under it. */
  #checkResult(asked: ReadonlySet<Method>, result: unknown, text: string): void {
    for (const method of asked) {
      const parsed = methods[method].result.safeParse(result)
      if (parsed.success) return this.onResult(method, parsed.data)
    }
    throw new Violation(`a result that does not fit ${[...asked].join(' or ') || 'any request'}: ${text.slice(0, 300)}`)
  }
}

function checkError(error: NonNullable<Answer['error']>, text: string): void {
  const reason = String(error.data?.reason)
  const row = Object.hasOwn(errors, reason) ? errors[reason as keyof typeof errors] : undefined
  if (!row || row.code !== error.code) {
    throw new Violation(`an error that is not in the table: ${text.slice(0, 300)}`)
  }
  if (forbiddenReasons.has(reason)) throw new Violation(`a request brought the hub to fail: ${text.slice(0, 300)}`)
}

/** Under which id a frame must be answered, and which method it names: where a hub cannot know, the id is null. */
function readRequest(text: string): { id: string; method: Method | undefined } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { id: 'null', method: undefined }
  }
  if (typeof json !== 'object' || json === null) return { id: 'null', method: undefined }
  const { id, method } = json as { id?: unknown; method?: unknown }
  return {
    // -0 is written as 0.
    id: typeof id === 'number' && Number.isSafeInteger(id) ? String(id) : 'null',
    method: typeof method === 'string' && Object.hasOwn(methods, method) ? (method as Method) : undefined,
  }
}
