import type { HubFigures } from '../../protocol/index.ts'
import { count, duration, size } from '../wording/words.ts'

/** How a hub does, in lines for a person: what is nothing to speak of is left out. */
export function describeFigures(figures: HubFigures): string[] {
  const { messages, pushLatency, commits, refusals, closes, rejected } = figures
  return [
    waitingLine(figures.waiting),
    `Since it started: ${count(messages.direct + messages.topic, 'message')} accepted (${messages.direct} to a name, ${messages.topic} to a topic), ${count(figures.pushes, 'push', 'pushes')}.`,
    ...timing('From taking a message to having it stored, and pushed', pushLatency),
    ...timing('A commit', commits),
    ...reasons('Refused', refusals),
    ...reasons('Refused at the door (HTTP status)', rejected),
    ...reasons('Connections closed', closes),
    ...(figures.receipts['expired'] || figures.receipts['bounced']
      ? [
          `Mail that nobody read: ${figures.receipts['expired'] ?? 0} expired, ${figures.receipts['bounced'] ?? 0} bounced.`,
        ]
      : []),
    `It takes ${size(figures.memoryBytes)} of memory${onDisk(figures)}.`,
  ]
}

function waitingLine(waiting: HubFigures['waiting']): string {
  if (!waiting) return 'How much waits is not known: its storage does not answer.'
  const { mailboxes, topics, oldestMs } = waiting
  if (mailboxes + topics === 0) return 'No message waits.'
  const oldest = oldestMs === undefined ? '' : `, the oldest for ${duration(oldestMs)}`
  return `Waiting: ${count(mailboxes, 'message')} in mailboxes, ${topics} in topics (once for each reader)${oldest}.`
}

function timing(what: string, { count: times, p50Ms, p99Ms }: HubFigures['commits']): string[] {
  if (p50Ms === undefined || p99Ms === undefined) return []
  return [`${what}: half within about ${p50Ms} ms, 99 % within about ${p99Ms} ms (of ${times}).`]
}

function reasons(what: string, counts: Readonly<Record<string, number>>): string[] {
  const parts = Object.entries(counts).map(([reason, times]) => `${reason} ${times}`)
  return parts.length === 0 ? [] : [`${what}: ${parts.join(', ')}.`]
}

function onDisk({ databaseBytes, logBytes, blobs, freeBytes }: HubFigures): string {
  const parts = [
    ...(databaseBytes === undefined ? [] : [`its database ${size(databaseBytes + (logBytes ?? 0))}`]),
    ...(blobs && blobs.count > 0 ? [`${count(blobs.count, 'large body', 'large bodies')} ${size(blobs.bytes)}`] : []),
    ...(freeBytes === undefined ? [] : [`${size(freeBytes)} free on its disk`]),
  ]
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`
}
