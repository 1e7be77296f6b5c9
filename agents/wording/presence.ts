import type { AgentEntry, AutoCheck, Outlook, Priority, Route } from '../../protocol/index.ts'
import { count, moment } from './words.ts'

/** Best route first, each as the end of the sentence "rose is online: it …". `unasked`: it is told without asking. */
const byRoute: readonly { readonly route: Route; readonly words: string; readonly unasked?: true }[] = [
  { route: 'wait', words: 'is waiting for mail now and sees it at once' },
  { route: 'wake', words: 'is woken for it', unasked: true },
  { route: 'channel', words: 'is told through a channel, which cannot confirm that it was seen', unasked: true },
  { route: 'hook', words: 'sees it at its next tool call, prompt or end of turn', unasked: true },
  { route: 'tool_result', words: 'sees it at its next Bellhop tool call' },
  { route: 'fetch', words: 'sees it when it looks at its mail' },
  { route: 'resource', words: 'sees it when it looks at its mail' },
]

/** What the words depend on, beside the routes. */
interface Manner {
  readonly autoCheck?: AutoCheck | undefined
  readonly priority?: Priority | undefined
}

/** How an online agent gets its mail, by the best route that it has and lets interrupt it. */
function routesText(routes: readonly Route[], { autoCheck, priority }: Manner): string {
  const best = (rows: typeof byRoute) => rows.find(({ route }) => routes.includes(route))
  const quiet = best(byRoute.filter(({ unasked }) => !unasked))?.words ?? 'sees it when it checks its mail'
  const way = best(byRoute)
  if (!way?.unasked) return quiet
  if (autoCheck?.enabled === false) return `${quiet} (its auto-check is off)`
  if (priority === 'low') return `${quiet} (low priority interrupts nobody)`
  if (autoCheck && autoCheck.minutes > 0 && priority !== 'urgent') {
    return `collects its mail for ${count(autoCheck.minutes, 'minute')} and then ${way.words}; before that it ${quiet}`
  }
  return way.words
}

/** How and when the recipient will see a message, in a sentence or two [D-7]. */
export function outlookText(outlook: Outlook, now: number, priority?: Priority): string {
  switch (outlook.kind) {
    case 'online':
      return `${forwardText(outlook)}${outlook.name} is online: it ${routesText(outlook.routes, { ...outlook, priority })}.`
    case 'away':
      return `${forwardText(outlook)}${outlook.name} is away, last seen ${moment(outlook.since, now)}. The message waits for it until ${outlook.waitsUntil}.`
    case 'unregistered': {
      const others = outlook.didYouMean.map((name) => `"${name}"`).join(' or ')
      const question = others ? ` Did you mean ${others}? If so, send it there.` : ''
      return `Nobody has registered "${outlook.name}" so far. The message waits for whoever takes that name, until ${outlook.waitsUntil}.${question}`
    }
    case 'topic':
      return topicText(outlook)
  }
}

function topicText({ name, recipients, online, bounced }: Extract<Outlook, { kind: 'topic' }>): string {
  // Some of those online may be among the bounced, who are no recipients.
  const present = Math.min(online, recipients)
  const away = recipients - present
  const when = [
    ...(present > 0 ? [`${present} online, each by the best way that it has`] : []),
    ...(away > 0 ? [`${away} away, on coming back`] : []),
  ]
  const full = bounced > 0 ? ` It bounced for ${bounced} whose mailbox is full.` : ''
  return `It goes to ${count(recipients, 'recipient')} of ${name}${when.length > 0 ? `, who will see it: ${when.join('; ')}` : ''}.${full}`
}

/** How an online agent gets its mail, for a table. */
export function wayText(routes: readonly Route[]): string {
  return routesText(routes, {})
}

export function agentText({ name, online, routes, lastSeenAt }: AgentEntry, now: number): string {
  return online ? `${name}: online; ${wayText(routes)}` : `${name}: away, last seen ${moment(lastSeenAt, now)}`
}

function forwardText({
  name,
  forwardedFrom,
}: {
  readonly name: string
  readonly forwardedFrom?: string | undefined
}): string {
  if (forwardedFrom === undefined) return ''
  return `${forwardedFrom} is now called ${name}, and this was forwarded: use "${name}" from now on. `
}
