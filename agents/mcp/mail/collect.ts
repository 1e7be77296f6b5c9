import type { Client } from '../../client/client.ts'
import type { Message, MessageId } from '../../../protocol/index.ts'
import type { Clock } from '../../client/clock.ts'
import { refusalOf, type Refusal } from '../refusal.ts'
import { fencedBytes, type MailView } from './fence.ts'
import { saveMail } from '../../mail/files.ts'
import type { Inbox } from './inbox.ts'

/** Bytes of mail in one tool result: assistants cut or hide results that are much longer. */
const budgetBytes = 32 * 1024
/** Milliseconds that all downloads for one result may take together: shorter than any assistant's patience. */
const downloadMs = 10_000
/** Bytes that a file's path adds to a header. */
const pathBytes = 200

/** Mail claimed for one result. */
export interface Collected {
  readonly views: readonly MailView[]
  /** Unread mail that stays for a later result. */
  readonly more: number
  readonly unfetched: readonly Unfetched[]
}

/** Mail whose body could not be had; it stays unread. */
interface Unfetched {
  readonly id: MessageId
  readonly from: string
  readonly refusal: Refusal
}

export interface Sources {
  readonly inbox: Inbox
  readonly client: Pick<Client, 'download' | 'registration'>
  readonly home: string
  readonly clock: Clock
}

/**
 * Claims the oldest unread mail within the budget, and brings large bodies to this machine. `first`: a
 * message that comes before all others.
 */
export async function collectMail(
  { inbox, client, home, clock }: Sources,
  signal: AbortSignal,
  first?: MessageId,
): Promise<Collected> {
  let left = budgetBytes
  const wanted = first === undefined ? [] : inbox.claimWhile(({ id }) => id === first, { anywhere: true })
  for (const message of wanted) left -= fencedBytes({ message })
  const claimed = inbox.claimWhile((message) => {
    const bytes = fencedBytes({ message }) + (message.blob ? pathBytes : 0)
    const fits = left === budgetBytes || bytes <= left
    left -= bytes
    return fits
  })
  const more = inbox.unread().length
  const views: MailView[] = []
  const unfetched: Unfetched[] = []
  const tooLong = new AbortController()
  const cancelTimer = clock.after(downloadMs, () => tooLong.abort())
  const limit = AbortSignal.any([signal, tooLong.signal])
  for (const message of [...wanted, ...claimed]) {
    try {
      views.push(message.blob ? await fetchBody(message, message.blob, limit) : { message })
    } catch (error) {
      unfetched.push({ id: message.id, from: message.from, refusal: refusalOf(error) })
    }
  }
  cancelTimer()
  inbox.release(
    unfetched.map(({ id }) => id),
    { unfetched: true },
  )
  return { views, more, unfetched }

  async function fetchBody(
    message: Message,
    blob: NonNullable<Message['blob']>,
    signal: AbortSignal,
  ): Promise<MailView> {
    const bytes = await client.download(blob, { signal, timeoutMs: downloadMs })
    const owner = client.registration?.name ?? message.to
    return { message, file: { kind: 'saved', path: await saveMail({ home, owner, message, bytes }) } }
  }
}
