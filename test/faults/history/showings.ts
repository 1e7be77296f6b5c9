import type { Event, Shown } from './event.ts'
import { pair, type Facts, type Letter } from './facts.ts'
import type { Rule, Violation } from './violation.ts'

/** A showing as it should be. `again`: its reader was killed before the hub had confirmed the former one. */
export interface Showing {
  readonly shown: Shown
  readonly letter: Letter
  readonly again: boolean
  /** Which life of the reader, and which ledger, it happened in. */
  readonly life: string
}

interface Former {
  readonly life: string
  readonly acknowledged: boolean
}

/** Looks at every showing for itself: who, to whom, what, and how often [D-2] [D-4] [S-4]. */
export function judgeShowings(
  events: readonly Event[],
  { letters }: Facts,
): { readonly showings: Showing[]; readonly violations: Violation[] } {
  const showings: Showing[] = []
  const violations: Violation[] = []
  const sent = new Set<string>()
  const idOf = new Map<string, string>()
  const lives = new Map<string, number>()
  /** The last showing of each message to each agent. */
  const former = new Map<string, Former>()
  /** What a restore brings back: what was known to be acknowledged when the backup began. */
  let inBackup: ReadonlySet<string> = new Set()
  let ledger = 0

  const acknowledged = (): Set<string> =>
    new Set([...former].filter(([, { acknowledged }]) => acknowledged).map(([name]) => name))

  function judge(shown: Shown): Rule | undefined {
    const letter = shown.attempt !== undefined && sent.has(shown.attempt) ? letters.get(shown.attempt) : undefined
    if (!letter) return 'never sent'
    const { sending, refused } = letter
    if (refused !== undefined) return 'refused, yet shown'
    if (shown.from !== sending.sender) return 'wrong sender'
    if (!sending.recipients.includes(shown.agent)) return 'wrong recipient'
    if (shown.digest !== sending.digest) return 'altered'
    const known = idOf.get(sending.attempt) ?? letter.accepted?.id ?? shown.id
    if (known !== shown.id) return 'duplicate'
    idOf.set(sending.attempt, shown.id)
    const name = pair(shown.id, shown.agent)
    const life = `${ledger}.${lives.get(shown.agent) ?? 0}`
    const before = former.get(name)
    if (before && (before.acknowledged || before.life === life)) return 'duplicate'
    former.set(name, { life, acknowledged: false })
    showings.push({ shown, letter, again: before !== undefined, life })
    return undefined
  }

  for (const event of events) {
    switch (event.kind) {
      case 'started':
        lives.set(event.agent, (lives.get(event.agent) ?? 0) + 1)
        break
      case 'sending':
        sent.add(event.attempt)
        break
      case 'shown': {
        const rule = judge(event)
        if (rule) violations.push({ rule, what: `${event.attempt ?? 'no attempt'}, ${pair(event.id, event.agent)}` })
        break
      }
      case 'acknowledged': {
        const name = pair(event.id, event.agent)
        const before = former.get(name)
        if (before) former.set(name, { ...before, acknowledged: true })
        break
      }
      case 'backup began':
        inBackup = acknowledged()
        break
      case 'restored':
        ledger += 1
        for (const [name, before] of former) former.set(name, { ...before, acknowledged: inBackup.has(name) })
        break
      case 'attached':
      case 'accepted':
      case 'unconfirmed':
      case 'refused':
      case 'offering':
      case 'receipt':
      case 'end':
    }
  }
  return { showings, violations }
}
