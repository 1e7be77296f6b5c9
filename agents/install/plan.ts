import { removeIfEmpty, type FileRecord, type Records } from './record.ts'
import { assertUnchanged, writeSnapshot, type Snapshot } from './snapshot.ts'

/** A file that is going to change. */
export interface PlannedFile {
  readonly snapshot: Snapshot
  /** Undefined: it is deleted. */
  readonly after: Buffer | undefined
}

/** What an installation or its end is going to do: shown to a person before anything is done. */
export interface Plan {
  /** Empty where nothing needs to change. */
  readonly files: readonly PlannedFile[]
  /** What a person should know about it. */
  readonly remarks: readonly string[]
  /** What is on record afterwards, and the copies that it names; undefined where nothing is. */
  readonly record: { readonly files: readonly FileRecord[]; readonly copies: readonly Copy[] } | undefined
  /** Folders that go where they are empty, the outermost first. */
  readonly folders: readonly string[]
}

export interface Copy {
  readonly path: string
  readonly bytes: Buffer
}

/** The record is written first: whatever breaks off in between, the way back is known. */
export function carryOut({ files, record, folders }: Plan, records: Records): void {
  for (const { snapshot } of files) assertUnchanged(snapshot)
  if (record) {
    for (const { path, bytes } of record.copies) records.keep(path, bytes)
    records.write(record.files)
  }
  for (const { snapshot, after } of files) writeSnapshot(snapshot, after)
  for (const folder of folders.toReversed()) removeIfEmpty(folder)
  if (!record) records.remove()
}
