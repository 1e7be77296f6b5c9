import type Database from 'better-sqlite3'
import type { AgentId } from '../ledger.ts'
import { bound } from './bound.ts'
import { spanColumns, type Span } from './cursors.ts'
import type { Totals } from './totals.ts'

/** Which agent reads which address, and from where to where. */
export interface Spans {
  /** All of an agent, ended ones included. */
  of(agent: AgentId): Span[]
  /** The one of this agent in which a message at `seq` of `address` lies. */
  covering(agent: AgentId, address: number, seq: number): Span | undefined
  /** A member of a topic at present. */
  open(agent: AgentId, address: number): Span | undefined
  /** One more message of a topic is behind this member. */
  addDone(span: Pick<Span, 'agent' | 'address' | 'since'>): void
  /** This member of a topic has `count` more messages behind it: its row is written as it is now, with this cursor. */
  pass(span: Span, count: number, cursor: number): void
  begin(agent: AgentId, address: number, since: number, done: number): void
}

export function prepareSpans(db: Database.Database, totals: Totals): Spans {
  const from = `SELECT ${spanColumns} FROM memberships s JOIN addresses a ON a.id = s.address WHERE s.agent = ${bound}`
  const all = db.prepare<[number], Span>(from)
  const covering = db.prepare<[number, number, number, number], Span>(
    `${from} AND s.address = ${bound} AND s.since < ${bound} AND (s.until IS NULL OR s.until >= ${bound})`,
  )
  const open = db.prepare<[number, number], Span>(`${from} AND s.address = ${bound} AND s.until IS NULL`)
  const addDone = db.prepare('UPDATE memberships SET done = done + 1 WHERE agent = ? AND address = ? AND since = ?')
  const pass = db.prepare('UPDATE memberships SET done = ?, cursor = ? WHERE agent = ? AND address = ? AND since = ?')
  const begin = db.prepare('INSERT INTO memberships (agent, address, since, done, cursor) VALUES (?, ?, ?, ?, ?)')
  return {
    of: (agent) => all.all(agent),
    covering: (agent, address, seq) => covering.get(agent, address, seq, seq),
    open: (agent, address) => open.get(agent, address),
    addDone({ agent, address, since }) {
      addDone.run(agent, address, since)
      totals.add('topics', -1)
    },
    pass({ done, agent, address, since }, count, cursor) {
      pass.run(done, cursor, agent, address, since)
      totals.add('topics', -count)
    },
    begin: (agent, address, since, done) => void begin.run(agent, address, since, done, since),
  }
}
