import type { MessageId } from '../../../protocol/index.ts'
import type { Question } from '../../local/wire.ts'
import type { Bell } from '../bell.ts'
import type { Deliveries, Landing } from '../mail/deliveries.ts'
import { fencedBytes } from '../mail/fence.ts'
import type { Inbox } from '../mail/inbox.ts'
import type { Reach } from '../reach.ts'
import { mailText } from '../mail/mail-text.ts'
import type { Turns } from '../turns.ts'
import { count } from '../../wording/words.ts'

/** Characters of what stands around the messages: introduction, how to answer, how many are left. */
const aroundLength = 700
/** Hints that are remembered: each message is hinted at once. */
const hintsKept = 1_024

export interface HookMailParts {
  readonly inbox: Inbox
  readonly deliveries: Pick<Deliveries, 'carry' | 'offered'>
  readonly bell: Pick<Bell, 'isDue' | 'shown'>
  readonly turns: Turns
  readonly reach: Pick<Reach, 'open'>
}

/** Text for a hook's output; `settle` once with what became of it. */
interface Taken {
  readonly text: string
  readonly settle: (landing: Landing) => void
}

/** Mail for hooks: what auto-check lets through, cut to what that assistant shows whole. */
export class HookMail {
  readonly #parts: HookMailParts
  readonly #hinted = new Set<MessageId>()
  #called = false

  constructor(parts: HookMailParts) {
    this.#parts = parts
  }

  /** Whether a hook of this conversation has called so far: it is installed, and it works. */
  get isProven(): boolean {
    return this.#called
  }

  take({ moment, budget, headless, subagentEnded }: Extract<Question, { ask: 'show' }>): Taken | undefined {
    const { turns, bell, reach } = this.#parts
    turns.saw(moment, { subagentEnded })
    if (!this.#called) reach.open('hook')
    this.#called = true
    // A run that ends with its turn has a caller who waits for its last words: mail stays for another time.
    if (moment === 'end-of-turn' && (headless || !turns.mayProlong)) return undefined
    if (moment === 'subagent' || (moment === 'tool-end' && turns.hasSubagent)) return undefined
    if (!bell.isDue(moment)) return undefined
    const taken = this.#claim(budget) ?? this.#hint()
    if (!taken) return undefined
    return {
      text: taken.text,
      settle: (landing) => {
        taken.settle(landing)
        if (landing !== 'written') return
        bell.shown()
        if (moment === 'end-of-turn') turns.prolong()
      },
    }
  }

  /** The oldest unread messages that fit whole. Large ones need a download, which no hook may wait for. */
  #claim(budget: number): Taken | undefined {
    const { inbox, deliveries } = this.#parts
    let left = budget - aroundLength
    const claimed = inbox.claimWhile((message) => {
      left -= fencedBytes({ message }) + '\n\n'.length
      return left >= 0 && !message.blob
    })
    if (claimed.length === 0) return undefined
    const more = inbox.unread().length
    const rest =
      more > 0 ? `\n\n${count(more, 'more message')} did not fit and stay unread: call the Bellhop tool check.` : ''
    return {
      text: `${mailText(claimed.map((message) => ({ message })))}${rest}`,
      settle: deliveries.carry({ ids: claimed.map(({ id }) => id), route: 'hook' }),
    }
  }

  /** Where the next message is too long for a hook, its reader is told once that it is there. */
  #hint(): Taken | undefined {
    const { inbox, deliveries } = this.#parts
    const unread = inbox.unread()
    const fresh = unread.map(({ id }) => id).filter((id) => !this.#hinted.has(id))
    if (fresh.length === 0) return undefined
    return {
      text: `Bellhop: ${count(unread.length, 'unread message')}, too long to be shown here. Call the Bellhop tool check.`,
      settle: (landing) => {
        if (landing !== 'written') return
        for (const id of fresh) this.#hinted.add(id)
        for (const id of this.#hinted) {
          if (this.#hinted.size <= hintsKept) break
          this.#hinted.delete(id)
        }
        void deliveries.offered(fresh, 'hook')
      },
    }
  }
}
