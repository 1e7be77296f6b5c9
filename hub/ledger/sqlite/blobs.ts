import { eq, sql } from './drizzle.ts'
import type { Operations } from '../operations.ts'
import { toBlob } from './message-row.ts'
import { blobs } from './schema.ts'
import type { Store } from './store.ts'

/** Blobs that one search for orphans looks at; the next goes on behind them. */
const blobsExamined = 2_000

type BlobOperations = Pick<Operations, 'addBlob' | 'blob' | 'dropOrphanBlobs' | 'hasBlob'>

/** What is known of large bodies. The bytes are files, and not the ledger's. */
export function prepareBlobs({ orm, db, totals }: Store): BlobOperations {
  const add = orm
    .insert(blobs)
    .values({
      handle: sql.placeholder('handle'),
      size: sql.placeholder('size'),
      sha256: sql.placeholder('sha256'),
      mediaType: sql.placeholder('mediaType'),
      fileName: sql.placeholder('fileName'),
      owner: sql.placeholder('owner'),
      at: sql.placeholder('at'),
    })
    .prepare()
  const read = orm
    .select()
    .from(blobs)
    .where(eq(blobs.handle, sql.placeholder('handle')))
    .prepare()
  const addressed = db
    .prepare<[number, string], 1>(
      `SELECT 1 FROM messages m JOIN memberships s ON s.agent = ? AND s.address = m.address
         AND s.since < m.seq AND (s.until IS NULL OR s.until >= m.seq)
       WHERE m.blob = ? LIMIT 1`,
    )
    .pluck()
  const examine = db.prepare<
    [number, number, string, number],
    { handle: string; size: number; at: number; named: 0 | 1 }
  >(
    `SELECT handle, size, at, EXISTS (SELECT 1 FROM messages m WHERE m.blob = b.handle) AS named
     FROM blobs b WHERE at < ? AND (at, handle) > (?, ?) ORDER BY at, handle LIMIT ?`,
  )
  const remove = orm
    .delete(blobs)
    .where(eq(blobs.handle, sql.placeholder('handle')))
    .prepare()
  let examined = { at: -1, handle: '' }

  return {
    addBlob(blob) {
      add.run({ ...blob, fileName: blob.fileName ?? null })
      totals.add('blobs', 1)
      totals.add('blobBytes', blob.size)
    },
    blob({ agent, handle }) {
      const row = read.get({ handle })
      if (!row || (row.owner !== agent && !addressed.get(agent, handle))) return undefined
      return toBlob(row, handle)
    },
    dropOrphanBlobs({ before, limit }) {
      const rows = examine.all(before, examined.at, examined.handle, blobsExamined)
      const orphans = rows.filter(({ named }) => named === 0).slice(0, limit)
      for (const { handle, size } of orphans) {
        remove.run({ handle })
        totals.add('blobs', -1)
        totals.add('blobBytes', -size)
      }
      const stop = orphans.length === limit ? orphans.at(-1) : rows.length === blobsExamined ? rows.at(-1) : undefined
      examined = stop ?? { at: -1, handle: '' }
      return orphans.map(({ handle }) => handle)
    },
    hasBlob: (handle) => read.get({ handle }) !== undefined,
  }
}
