import { asc, sql } from './drizzle.ts'
import { customAlphabet } from 'nanoid'
import type { MessageId } from '../../../protocol/index.ts'
import type { Orm } from './orm.ts'
import { epochs } from './schema.ts'

const newEpoch = customAlphabet('abcdefghijklmnopqrstuvwxyz0123456789', 8)

/** Which incarnation wrote which messages [D-3]. */
export interface Epochs {
  readonly current: string
  idOf(seq: number): MessageId
  /** The position of a message; undefined where that incarnation did not write it. */
  seqOf(id: MessageId): number | undefined
}

export function readEpochs(orm: Orm): Epochs {
  const rows = orm.select().from(epochs).orderBy(asc(epochs.ordinal)).all().toReversed()
  const current = rows[0]
  if (!current) throw new Error('the ledger has no epoch')

  function epochOf(seq: number): string {
    // The newest that begins at or below it: one that was put back before it wrote anything owns nothing.
    if (seq >= current!.fromSeq) return current!.epoch
    return rows.find(({ fromSeq }) => fromSeq <= seq)?.epoch ?? ''
  }

  function idOf(seq: number): MessageId {
    return `${epochOf(seq)}-${seq}` as MessageId
  }

  return {
    current: current.epoch,
    idOf,
    seqOf(id) {
      const seq = Number(id.slice(id.lastIndexOf('-') + 1))
      return idOf(seq) === id ? seq : undefined
    },
  }
}

/** Begins a new incarnation behind `head`. */
export function addEpoch(orm: Orm, head: number): string {
  const epoch = newEpoch()
  orm
    .insert(epochs)
    .values({ epoch, fromSeq: head + 1, ordinal: sql`(SELECT coalesce(max(ordinal), 0) + 1 FROM epochs)` })
    .run()
  return epoch
}
