import type { AgentEntry, Outlook, Route } from '../../protocol/index.ts'
import { count, moment } from './words.ts'

/** Best route first, each as the end of the sentence "rose is online: …". */
const byRoute: readonly (readonly [Route, string])[] = [
  ['wait', 'is waiting for mail now and sees it at once'],
  ['wake', 'is woken for it'],
  ['channel', 'is told through a channel, which cannot confirm that it was seen'],
  ['hook', 'sees it at its next tool call, prompt or end of turn'],
  ['tool_result', 'sees it at its next Bellhop tool call'],
  ['fetch', 'sees it when it looks at its mail'],
  ['resource', 'sees it when it looks at its mail'],
]

/** How an online agent gets its mail, by the best route that it has. */
function routesText(routes: readonly Route[]): string {
  return byRoute.find(([route]) => routes.includes(route))?.[1] ?? 'sees it when it checks its mail'
}

/** How and when the recipient will see a message, in a sentence or two [D-7]. */
export function outlookText(outlook: Outlook, now: number): string {
  switch (outlook.kind) {
    case 'online':
      return `${forwardText(outlook)}${outlook.name} is online: it ${routesText(outlook.routes)}.`
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
    ...(present > 0 ? [`${present} online, at the next Bellhop tool call or at once in a wait`] : []),
    ...(away > 0 ? [`${away} away, on coming back`] : []),
  ]
  const full = bounced > 0 ? ` It bounced for ${bounced} whose mailbox is full.` : ''
  return `It goes to ${count(recipients, 'recipient')} of ${name}${when.length > 0 ? `, who will see it: ${when.join('; ')}` : ''}.${full}`
}

export function agentText({ name, online, routes, lastSeenAt }: AgentEntry, now: number): string {
  return online ? `${name}: online; ${routesText(routes)}` : `${name}: away, last seen ${moment(lastSeenAt, now)}`
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
