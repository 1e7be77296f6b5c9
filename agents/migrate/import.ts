import { adminLimits, nameKey, type ImportedMessage } from '../../protocol/index.ts'
import type { Admin } from '../admin/admin.ts'
import type { Keys } from '../client/keys.ts'
import { convert, originOf, type Converted } from './convert.ts'
import { openOldDatabase, type OldDatabase } from './old-database.ts'
import { quote, readNames, type OldAgent, type OldNames } from './old-names.ts'
import { emptyReport, type ImportReport } from './report.ts'

export interface ImportOptions {
  /** Where claude-ipc-mcp keeps its data. */
  readonly folder: string
  /** Undefined: nobody is asked what is here already; for a dry run without a hub. */
  readonly admin: Admin | undefined
  readonly keys: Keys
  /** Only says what would be done. */
  readonly dryRun: boolean
  /** Milliseconds since 1970. */
  readonly now: number
  readonly onProgress: (done: number, total: number) => void
}

/** Bytes of text in one request: far below what the hub takes, whatever JSON makes of it. */
const batchBytes = 256 * 1024

/**
 * Brings names, mail and history of claude-ipc-mcp to the hub: names first, so that their mailboxes are
 * theirs, then messages in the order in which they were sent. Can be cut off and run again at any time: the
 * hub knows what it has. Throws `OldDatabaseProblem` and `ClientError`.
 */
export async function importClaudeIpc(options: ImportOptions): Promise<ImportReport> {
  const database = openOldDatabase(options.folder)
  try {
    const names = readNames(database)
    const report = emptyReport(options.folder, options.dryRun)
    report.left.push(...names.left)
    report.remarks.push(...names.remarks)
    const ids = await bringNames(names.agents, options, report)
    await bringPages(database, names, ids, options, report)
    return report
  } finally {
    database.close()
  }
}

/** Ids of those that are this user's here, by name. */
async function bringNames(
  agents: readonly OldAgent[],
  { admin, keys, dryRun }: ImportOptions,
  report: ImportReport,
): Promise<Map<string, number>> {
  const ids = new Map<string, number>()
  for (const batch of inBatches(agents)) {
    if (dryRun || !admin) {
      const known = await admin?.known({ origins: [], names: batch.map(({ name }) => name) })
      report.names.known += known?.names.length ?? 0
      report.names.registered += batch.length - (known?.names.length ?? 0)
      continue
    }
    const held = batch.map(({ name }) => keys.obtain(name))
    const results = await admin.bringAgents({
      agents: batch.map(({ name, lastSeenAt, former }, index) => ({
        name,
        lastSeenAt,
        former: [...former],
        key: held[index]!.key,
      })),
    })
    for (const [index, result] of results.entries()) {
      const { name } = batch[index]!
      if (result.kind === 'taken') {
        // A key that owns nothing would only be in the way.
        if (held[index]!.made) keys.remove(name)
        report.names.taken += 1
        report.remarks.push({ what: `the name "${name}"`, remark: 'somebody else has it here, and gets its mail' })
        continue
      }
      ids.set(nameKey(name), result.agent)
      report.names[result.kind === 'registered' ? 'registered' : 'known'] += 1
      for (const former of result.forwards) {
        report.remarks.push({
          what: `the name "${former}"`,
          remark: `it forwards to "${name}" for the rest of its two hours`,
        })
      }
    }
  }
  return ids
}

async function bringPages(
  database: OldDatabase,
  names: OldNames,
  ids: ReadonlyMap<string, number>,
  options: ImportOptions,
  report: ImportReport,
): Promise<void> {
  let after = Number.MIN_SAFE_INTEGER
  let done = 0
  let before = options.now
  for (;;) {
    const page = database.page(after, adminLimits.batchRows)
    if (page.length === 0) return
    const origins = page.map(originOf)
    const known = new Set((await options.admin?.known({ origins, names: [] }))?.origins)
    const batch: Converted[] = []
    for (const [index, old] of page.entries()) {
      if (known.has(origins[index]!)) {
        report.messages.known += 1
        continue
      }
      const conversion = convert(old, database, names, before)
      const what = `message ${old.row}, ${quote(old.from)} to ${quote(old.to)}`
      if (conversion.kind === 'left') {
        report.left.push({ what, why: conversion.why })
        continue
      }
      before = conversion.message.sentAt
      for (const remark of conversion.remarks) report.remarks.push({ what, remark })
      batch.push(conversion)
    }
    await bring(batch, ids, options, report)
    after = page.at(-1)!.row
    done += page.length
    options.onProgress(done, database.total)
  }
}

async function bring(
  batch: readonly Converted[],
  ids: ReadonlyMap<string, number>,
  { admin, dryRun }: ImportOptions,
  report: ImportReport,
): Promise<void> {
  if (dryRun || !admin) {
    for (const { message, body } of batch) count(report, message.read ? 'read' : 'waiting', body)
    return
  }
  let pending: { message: ImportedMessage; body: string | undefined }[] = []
  let bytes = 0
  const flush = async (): Promise<void> => {
    if (pending.length === 0) return
    const outcomes = await admin.bringMessages({ messages: pending.map(({ message }) => message) })
    for (const [index, outcome] of outcomes.entries()) count(report, outcome, pending[index]!.body)
    pending = []
    bytes = 0
  }
  for (const { message, body, senderNow } of batch) {
    const sender = ids.get(nameKey(senderNow))
    const handle = body === undefined ? undefined : await admin.storeBody(Buffer.from(body), sender)
    const whole = {
      ...message,
      ...(sender !== undefined && { sender }),
      ...(handle !== undefined && { body: handle }),
    }
    pending.push({ message: whole, body })
    bytes += Buffer.byteLength(JSON.stringify(whole))
    if (bytes >= batchBytes) await flush()
  }
  await flush()
}

function count(report: ImportReport, outcome: 'waiting' | 'read' | 'known', body: string | undefined): void {
  report.messages[outcome] += 1
  if (body !== undefined && outcome !== 'known') report.messages.large += 1
}

function* inBatches<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += adminLimits.batchRows) {
    yield items.slice(start, start + adminLimits.batchRows)
  }
}
