import type { Address } from '../../../protocol/index.ts'
import { hubAgent, type Draft } from '../ledger.ts'
import type { Stored, StoredOutcome } from '../operations.ts'
import { prepareAppendToTopic } from './append-to-topic.ts'
import type { Agent } from './directory.ts'
import { prepareFindDuplicate } from './find-duplicate.ts'
import { prepareInsertMessage } from './insert-message.ts'
import { prepareOpenMailbox } from './open-mailbox.ts'
import type { Store } from './store.ts'

/** `now`: as of when names are looked up, in milliseconds since 1970. */
export type Append = (draft: Draft, now?: number) => StoredOutcome

/** Stores a message, once for each `(sender, clientId)` [D-4], in its one mailbox or topic [D-8]. */
export function prepareAppend(store: Store): Append {
  const { counters, directory } = store
  const insert = prepareInsertMessage(store.db)
  const findDuplicate = prepareFindDuplicate(store)
  const openMailbox = prepareOpenMailbox(store.db)
  const appendToTopic = prepareAppendToTopic(store, insert, findDuplicate)

  function toMailbox(draft: Draft, mailbox: number, stored: Omit<Stored, 'kind' | 'seq'>): StoredOutcome {
    const waiting = counters.get(mailbox)
    if (waiting >= draft.depth && draft.sender !== hubAgent) {
      const { target } = stored
      // A repeated send is answered as before, even where the mailbox has become full since.
      return (
        findDuplicate(draft) ?? {
          kind: 'full',
          name: target.kind === 'topic' ? draft.senderName : target.name,
          waiting,
        }
      )
    }
    const seq = insert(draft, mailbox, stored.to, stored.expiresAt, 0)
    if (seq === undefined) return findDuplicate(draft)!
    counters.add(mailbox, 1)
    return { kind: 'stored', seq, ...stored }
  }

  function toAgent(draft: Draft, agent: Agent, written: Agent['name'], forwarded: boolean): StoredOutcome {
    return toMailbox(draft, agent.mailbox, {
      to: written as string as Address,
      expiresAt: draft.expiresAt,
      target: {
        kind: 'agent',
        agent: agent.id,
        name: agent.name,
        lastSeenAt: agent.lastSeenAt,
        forwardedFrom: forwarded ? written : undefined,
      },
    })
  }

  return function append(draft, now = draft.sentAt) {
    const { recipient } = draft
    switch (recipient.kind) {
      case 'topic':
        return appendToTopic(draft, recipient.topic)
      case 'agent': {
        const agent = directory.agent(recipient.agent)
        return agent ? toAgent(draft, agent, agent.name, false) : (findDuplicate(draft) ?? { kind: 'nobody' })
      }
      case 'name': {
        const { name } = recipient
        const standing = directory.standing(name, now)
        if (standing.kind === 'own') return toAgent(draft, standing.agent, name, false)
        if (standing.kind === 'forward') return toAgent(draft, standing.agent, name, true)
        const stored = {
          to: name as string as Address,
          expiresAt: draft.expiresAtUnclaimed,
          target: { kind: 'unclaimed', name },
        } as const
        if (standing.kind === 'unclaimed') return toMailbox(draft, standing.mailbox, stored)
        const duplicate = findDuplicate(draft)
        if (duplicate) return duplicate
        const mailbox = openMailbox(name)
        directory.forget()
        return toMailbox(draft, mailbox, stored)
      }
    }
  }
}
