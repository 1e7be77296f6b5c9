import { ClientError, type Client, type SendDraft } from '../../../../agents/client/index.ts'
import type { MessageId } from '../../../../protocol/index.ts'
import { everybody, news, type Part } from '../part.ts'
import { composeBody, digestOf } from './body.ts'
import { tell } from './journal.ts'

/** Messages that a writer has unanswered: more than one, so that a kill leaves something to be put in order. */
const unansweredMax = 3
/** One message in so many goes to the topic, and to everybody. */
const newsEvery = 11
const everybodyEvery = 41

/** Sends, and says before each send and after each answer what it does. */
export class Writer {
  readonly #client: Client
  readonly #part: Part
  readonly #underWay = new Set<Promise<void>>()
  #written = 0
  #isQuiet = false

  constructor(client: Client, part: Part) {
    this.#client = client
    this.#part = part
  }

  /** Writes to everybody in turn until it is told to be quiet. */
  async write(): Promise<void> {
    while (!this.#isQuiet) {
      this.#send(this.#nextAddress())
      if (this.#underWay.size >= unansweredMax) await Promise.race(this.#underWay)
    }
  }

  answer(to: string, replyTo: MessageId): void {
    this.#send(to, replyTo)
  }

  /** Resolves when everything is answered. */
  async quiet(): Promise<void> {
    this.#isQuiet = true
    await this.answered()
  }

  async answered(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }

  #nextAddress(): string {
    const { readers } = this.#part
    const n = this.#written
    if (n % everybodyEvery === everybodyEvery - 1) return everybody
    if (n % newsEvery === newsEvery - 1) return news
    return readers[n % readers.length]!
  }

  #send(to: string, replyTo?: MessageId): void {
    const underWay = this.#attempt(to, replyTo).finally(() => this.#underWay.delete(underWay))
    this.#underWay.add(underWay)
  }

  async #attempt(to: string, replyTo: MessageId | undefined): Promise<void> {
    const { agent, life } = this.#part
    const n = this.#written++
    const attempt = `${agent}.${life}.${n}`
    const content = composeBody(attempt, n)
    const answered = replyTo && { replyTo }
    const recipients = this.#recipientsOf(to)
    tell({ kind: 'sending', attempt, sender: agent, to, recipients, digest: digestOf(content), ...answered })
    try {
      const draft: SendDraft = { to, content, data: { attempt }, ...answered }
      const { id, seq } = await this.#client.send(draft)
      tell({ kind: 'accepted', attempt, id, seq })
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      const { reason } = error
      tell(reason === 'unconfirmed' ? { kind: 'unconfirmed', attempt } : { kind: 'refused', attempt, reason })
    }
  }

  #recipientsOf(to: string): readonly string[] {
    const { agent, writers, readers } = this.#part
    if (to === news) return readers
    return to === everybody ? [...writers, ...readers].filter((name) => name !== agent) : [to]
  }
}
