import type { Message, MessageId, Receipt, ReceiptState, Result } from '../../../protocol/index.ts'
import { ClientError, type Client } from '../../client/portable.ts'
import { outlookText } from '../../wording/presence.ts'
import type { MessageList } from './message-list.ts'

const stateWords: Readonly<Record<ReceiptState, string>> = {
  queued: 'It waits for',
  offered: 'It was announced to',
  shown: 'It was shown to',
  answered: 'It was answered by',
  expired: 'It expired before it was seen by',
  bounced: 'It was not delivered to',
}

/** Messages whose fate is followed; older ones keep what was last known. */
const followedAtMost = 200

/** What this page has sent, and what became of it. */
export class Outgoing {
  readonly #list: MessageList
  readonly #fates = new Map<MessageId, (fate: string, wrong?: boolean) => void>()

  constructor(list: MessageList) {
    this.#list = list
  }

  /** Rejects with `ClientError`, after it has been said beside the message. */
  async send(client: Client, to: string, text: string, answers: Message | undefined): Promise<void> {
    const tell = this.#list.send(to, text)
    let sent: Result<'send'>
    try {
      sent = await client.send({ to, content: text, ...(answers && { replyTo: answers.id }) })
    } catch (error) {
      if (error instanceof ClientError) tell(`${error.message} ${error.next}`, true)
      throw error
    }
    tell(outlookText(sent.outlook, Date.now()))
    this.#fates.set(sent.id, tell)
    for (const id of this.#fates.keys()) {
      if (this.#fates.size <= followedAtMost) break
      this.#fates.delete(id)
    }
  }

  /** A step that the hub has pushed. */
  step({ id, name, state }: { readonly id: MessageId; readonly name: string; readonly state: ReceiptState }): void {
    this.#fates.get(id)?.(`${stateWords[state]} ${name}.`, state === 'expired' || state === 'bounced')
  }

  /** What happened while this page was away, for messages to a name. */
  catchUp(receipts: readonly Receipt[]): void {
    for (const { id, recipients } of receipts) {
      const [only, ...others] = recipients
      if (only && others.length === 0 && only.state !== 'queued') this.step({ id, ...only })
    }
  }
}
