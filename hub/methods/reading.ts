import { fitPage } from '../rules/page.ts'
import { isoTime } from '../iso-time.ts'
import { ok, type Handler, type Member } from './method.ts'

/** Looking is not reading: nothing changes [D-2]. */
export const fetch: Handler<'fetch', Member> = async ({ ledger, clock }, { session }, { after, limit }) => {
  const found = await ledger.unread({ agent: session.agent, after, limit: limit + 1, now: clock.now() })
  const { rows, more } = fitPage(found.slice(0, limit), found.length > limit)
  return ok({ epoch: ledger.epoch, messages: rows, more })
}

/** Receipts move forward, never back [D-6]. */
export const ack: Handler<'ack', Member> = async (services, { session }, { ids, state, route }) => {
  const { ledger, clock, delivery } = services
  const at = clock.now()
  const { moved, waiting } = await ledger.settle({ agent: session.agent, ids, state, route, at })
  // Senders hear of receipts in the order in which they moved, so nothing is waited for in between.
  delivery.settled(session, moved, state, route, isoTime(at))
  return ok({ settled: moved.length, waiting })
}

export const history: Handler<'history', Member> = async ({ history }, { session }, params) => {
  const found = await history.history({
    agent: session.agent,
    with: params.with,
    thread: params.thread,
    before: params.before,
    limit: params.limit,
  })
  const { rows, more } = fitPage(found.messages, found.more)
  return ok({ messages: rows, more })
}

export const receipts: Handler<'receipts', Member> = async ({ ledger }, { session }, params) => {
  const found = await ledger.receipts({
    sender: session.agent,
    id: params.id,
    before: params.before,
    limit: params.limit,
  })
  if (params.id !== undefined && found.receipts.length === 0) {
    return { kind: 'failed', failure: { reason: 'message_unknown' } }
  }
  const { rows, more } = fitPage(found.receipts, found.more)
  return ok({ receipts: rows, more })
}
