import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { AssistantId } from '../assistants/index.ts'
import { InstallProblem } from './problem.ts'
import { hashOf, replaceFile } from './snapshot.ts'

const FileRecord = z.object({
  path: z.string(),
  roles: z.array(z.enum(['registration', 'hooks'])),
  /** The copy of the file as it was, beside the record; undefined where there was none. */
  before: z.string().optional(),
  /** What we left: SHA-256. A file that still has it is put back byte for byte. */
  after: z.string(),
  /** Members that were made to hold ours. */
  made: z.array(z.array(z.string())),
  /** Folders that were made for the file, the outermost first. */
  folders: z.array(z.string()),
})
export type FileRecord = z.infer<typeof FileRecord>

const InstallRecord = z.object({ version: z.literal(1), files: z.array(FileRecord) })

/** What was installed for one assistant, and what was there before: a folder in the home, for its user only. */
export interface Records {
  read(): readonly FileRecord[]
  /** The copy of a file, by the name that a record gives it. */
  copy(name: string): Buffer
  /** Keeps a copy, and returns its name. Copies of different contents never replace each other. */
  keep(path: string, bytes: Buffer): string
  write(files: readonly FileRecord[]): void
  remove(): void
}

export function openRecords(home: string, assistant: AssistantId): Records {
  const folder = join(home, 'installs', assistant)
  const file = join(folder, 'record.json')
  return {
    read() {
      const text = readIfThere(file)
      if (text === undefined) return []
      const parsed = InstallRecord.safeParse(parse(text))
      if (parsed.success) return parsed.data.files
      throw new InstallProblem(
        `The record of this installation, ${file}, is damaged.`,
        `Look at the copies in ${folder}, then remove that folder and run this again.`,
      )
    },
    copy: (name) => readFileSync(join(folder, name)),
    keep(path, bytes) {
      const name = nameOfCopy(path, bytes)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      replaceFile(join(folder, name), bytes, 0o600)
      return name
    },
    write(files) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      replaceFile(file, Buffer.from(`${JSON.stringify({ version: 1, files }, null, 2)}\n`), 0o600)
    },
    remove() {
      rmSync(folder, { recursive: true, force: true })
      removeIfEmpty(dirname(folder))
    },
  }
}

export function nameOfCopy(path: string, bytes: Buffer): string {
  return `${hashOf(bytes)?.slice(0, 12)}-${basename(path)}`
}

export function removeIfEmpty(folder: string): void {
  try {
    if (readdirSync(folder).length === 0) rmdirSync(folder)
  } catch {
    // Not there, or not ours to remove: nothing depends on it.
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
