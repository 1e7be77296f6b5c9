import { closeSync, openSync, readSync } from 'node:fs'
import { LedgerRefusal } from '../refusal.ts'

/** In the file's header, so that nobody takes another program's database for a ledger: "bell". */
export const applicationId = 0x62656c6c

const headerBytes = 100
const magic = 'SQLite format 3\0'

/**
 * Reads the header of a database without opening it: opening would already write, because SQLite takes
 * up the log of whoever was here last. Migrations end in a checkpoint, so the version stands here.
 *
 * @throws LedgerRefusal `newer`, `damaged`, `foreign` or `unreadable`
 */
export function checkHeader(file: string, newest: number): void {
  const header = readHeader(file)
  if (header.length === 0) return
  if (header.length < headerBytes || header.toString('latin1', 0, 16) !== magic) {
    throw damaged(file, 'it is not a database')
  }
  const application = header.readUInt32BE(68)
  if (application !== 0 && application !== applicationId) {
    throw new LedgerRefusal(
      'foreign',
      `${file} is the database of another program. Give the hub a home of its own (BELLHOP_HOME).`,
    )
  }
  checkVersion(file, header.readUInt32BE(60), newest)
}

export function checkVersion(file: string, version: number, newest: number): void {
  if (version <= newest) return
  throw new LedgerRefusal(
    'newer',
    `${file} was written by a newer Bellhop (form ${version}; this one knows ${newest}). It was left as it is. Update Bellhop, or set BELLHOP_HOME to another folder.`,
  )
}

export function damaged(file: string, problem: string): LedgerRefusal {
  return new LedgerRefusal(
    'damaged',
    `${file} is damaged (${problem}). It was left as it is. Put a backup in its place, or move it away to begin with an empty ledger.`,
  )
}

/** Empty where there is no file. */
function readHeader(file: string): Buffer {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw new LedgerRefusal('unreadable', `${file} cannot be read: ${String(error)}`)
  }
  try {
    const header = Buffer.alloc(headerBytes)
    return header.subarray(0, readSync(descriptor, header, 0, headerBytes, 0))
  } finally {
    closeSync(descriptor)
  }
}
