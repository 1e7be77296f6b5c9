import type { Message } from '../../../protocol/index.ts'
import { fencedBytes } from '../mail/fence.ts'
import { mailText } from '../mail/mail-text.ts'
import type { Ringer } from './ringer.ts'

/** The capability that Claude Code looks for, in a research preview: its form may change. */
export const channelCapability = { 'claude/channel': {} } as const

/** Bytes of mail in one notification. */
const budgetBytes = 8_000

interface ChannelParts {
  /** Where its user has said that Claude Code was started with this channel: nothing else tells. */
  readonly optedIn: boolean
  readonly unread: () => readonly Message[]
  readonly notify: (notification: { method: string; params: Record<string, unknown> }) => Promise<void>
}

/**
 * Claude Code's channel notification. It shows the mail itself and confirms nothing: the mail stays
 * unread, and a later route shows it again as already offered.
 */
export function channel({ optedIn, unread, notify }: ChannelParts): Ringer {
  return {
    route: 'channel',
    title: 'the channel notification',
    wakes: true,
    busyMs: 0,
    isReady: () => optedIn,
    async ring({ urgent }) {
      let left = budgetBytes
      const views = unread()
        .filter((message) => (left -= fencedBytes({ message })) >= 0)
        .map((message) => ({ message, ...(message.blob && { file: { kind: 'at-hub' } as const }) }))
      const content = views.length > 0 ? mailText(views) : 'Bellhop: unread mail. Call the Bellhop tool check.'
      const params = { content, meta: { messages: String(unread().length), urgent: urgent ? 'yes' : 'no' } }
      try {
        await notify({ method: 'notifications/claude/channel', params })
        return true
      } catch {
        return false
      }
    },
  }
}
