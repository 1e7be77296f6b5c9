import {
  limits,
  nameKey,
  reservedNames,
  type Blob,
  type ImportedMessage,
  type ImportMessages,
  type ImportMessagesRequest,
  type ImportOutcome,
} from '../../protocol/index.ts'
import { hubAgent, type AgentId, type Draft } from '../ledger/ledger.ts'
import type { BringOutcome } from '../ledger/upkeep.ts'
import type { Answer } from '../net/http.ts'
import { summarize } from '../rules/summary.ts'
import type { AdminServices } from './admin.ts'
import { misfit } from './request.ts'

const outcomeOf = { stored: 'waiting', kept: 'read', known: 'known' } as const satisfies Record<
  BringOutcome['kind'],
  ImportOutcome
>

/** Stores messages of another system: each once for ever, however often it is brought. All or none of a batch. */
export async function bringMessages(services: AdminServices, { messages }: ImportMessagesRequest): Promise<Answer> {
  const { ledger, clock } = services
  const now = clock.now()
  const drafts: Draft[] = []
  for (const message of messages) {
    const draft = await draftOf(services, message, now)
    if (!draft)
      return misfit(
        `The message ${message.origin} names what is not here, or a reserved name, or is too long to come without a body.`,
      )
    drafts.push(draft)
  }
  // Asked for in one turn, they share one commit.
  const brought = await Promise.all(
    messages.map(({ origin, read }, index) => ledger.bring({ origin, draft: drafts[index]!, now, read })),
  )
  const json: ImportMessages = { outcomes: brought.map(({ kind }) => outcomeOf[kind]) }
  return { status: 200, json }
}

async function draftOf(
  { ledger, blobs, settings }: AdminServices,
  { origin, from, sender, to, content, body, data, sentAt }: ImportedMessage,
  now: number,
): Promise<Draft | undefined> {
  if ([from, to].some((name) => reservedNames.includes(nameKey(name)))) return undefined
  if (Buffer.byteLength(content) > limits.inlineBytes) return undefined
  // Whoever is nobody's agent here has nobody who could be told of what becomes of it.
  const agent = (sender ?? hubAgent) as AgentId
  if (agent !== hubAgent && !(await ledger.agent(agent))) return undefined
  const blob: Blob | undefined = body === undefined ? undefined : await ledger.blob({ agent, handle: body })
  if (body !== undefined && !blob) return undefined
  return {
    recipient: { kind: 'name', name: to },
    sender: agent,
    senderName: from,
    clientId: `import-${origin}`,
    kind: 'message',
    content: blob ? summarize(await blobs.beginning(blob.handle)) : content,
    data,
    replyTo: undefined,
    thread: undefined,
    priority: 'normal',
    blob,
    sentAt: Math.min(sentAt, now),
    expiresAt: now + settings.ttl,
    expiresAtUnclaimed: now + settings.unclaimedTtl,
    // It was accepted there: nothing bounces that somebody was promised.
    depth: Number.MAX_SAFE_INTEGER,
  }
}
