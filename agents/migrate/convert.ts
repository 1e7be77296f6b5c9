import { createHash } from 'node:crypto'
import { Data, limits, type ImportedMessage } from '../../protocol/index.ts'
import type { OldDatabase, OldMessage } from './old-database.ts'
import { readLargeFile } from './large-file.ts'
import { checkName, type OldNames } from './old-names.ts'
import { instantOf } from './old-time.ts'

/** A message as it will stand here. `body`: instead of `content`, where it is large. */
export interface Converted {
  readonly kind: 'message'
  readonly message: Omit<ImportedMessage, 'body' | 'sender'>
  readonly body: string | undefined
  /** By what name its sender goes now. */
  readonly senderNow: string
  /** What is not as it was there. */
  readonly remarks: readonly string[]
}

export type Conversion = Converted | { readonly kind: 'left'; readonly why: string }

/** What the older project put into the data of a large message, about a file of its own. */
const fileFields = ['large_message_file', 'original_size_kb']

/** Recognises a row for ever, wherever its database is moved: two that agree in all of this are one. */
export function originOf({ row, from, to, content, time, data }: OldMessage): string {
  const whole = [row, from, to, content, time, data].map((value) =>
    Buffer.isBuffer(value) ? value.toString('hex') : value,
  )
  return createHash('sha256').update(JSON.stringify(whole)).digest().subarray(0, 16).toString('base64url')
}

/** `before`: the time of the message before it, for one whose own cannot be read. */
export function convert(old: OldMessage, database: OldDatabase, names: OldNames, before: number): Conversion {
  const [from, to] = [checkName(old.from), checkName(old.to)]
  if ('why' in from) return { kind: 'left', why: `it comes from nobody: ${from.why}` }
  if ('why' in to) return { kind: 'left', why: `it goes to nobody: ${to.why}` }
  const remarks: string[] = []
  const sentAt = instantOf(old.time) ?? before
  if (instantOf(old.time) === undefined) {
    remarks.push('its time cannot be read; that of the message before it stands in')
  }
  const { data, appendix, file } = readData(old, remarks)
  const text = file === undefined ? textOf(old.content) : bodyOf(file, old, database)
  if ('why' in text) return { kind: 'left', why: text.why }
  if (text.content === undefined && data === undefined && appendix === '')
    return { kind: 'left', why: 'it has no content' }
  const content = `${text.content ?? ''}${appendix}`
  const bytes = Buffer.byteLength(content)
  if (bytes > limits.blobBytes) return { kind: 'left', why: 'it is larger than 16 MiB' }
  const isLarge = bytes > limits.inlineBytes
  return {
    kind: 'message',
    message: {
      origin: originOf(old),
      from: from.name,
      to: names.carrierOf(to.name, sentAt),
      content: isLarge ? '' : content,
      ...(data && { data }),
      sentAt,
      read: isRead(old.read),
    },
    body: isLarge ? content : undefined,
    senderNow: names.carrierOf(from.name, sentAt),
    remarks,
  }
}

function isRead(flag: unknown): boolean {
  return typeof flag === 'string' ? Number(flag) > 0 : Boolean(flag)
}

function textOf(content: unknown): { readonly content: string | undefined } | { readonly why: string } {
  if (content === null || content === undefined) return { content: undefined }
  if (typeof content === 'string') return { content }
  if (!Buffer.isBuffer(content)) return { content: JSON.stringify(content) }
  try {
    return { content: new TextDecoder('utf-8', { fatal: true }).decode(content) }
  } catch {
    return { why: 'its content is no text' }
  }
}

/** Files were named to the second, so a later message may have been written over this one. */
function bodyOf(file: string, { row }: OldMessage, database: OldDatabase): ReturnType<typeof textOf> {
  const found = readLargeFile(database.folder, file)
  const last = database.lastRowWithFile(file)
  return 'content' in found && last > row ? { why: `its large file was overwritten by message ${last}` } : found
}

interface ReadData {
  readonly data: Data | undefined
  /** What cannot stand as data here, to be read behind the text: nothing that was sent is dropped. */
  readonly appendix: string
  readonly file: string | undefined
}

function readData({ data: written, file: column }: OldMessage, remarks: string[]): ReadData {
  const text = Buffer.isBuffer(written) ? written.toString('utf8') : written
  const file = typeof column === 'string' && column !== '' ? column : undefined
  if (text === null || text === undefined || text === '') return { data: undefined, appendix: '', file }
  const value = typeof text === 'string' ? parse(text) : text
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) {
    return { data: undefined, appendix: '', file }
  }
  const shallow = Data.safeParse(value)
  if (!shallow.success || Array.isArray(value))
    return { data: undefined, appendix: append(value ?? text, remarks), file }
  const named = shallow.data['large_message_file']
  const large = file ?? (typeof named === 'string' ? named : undefined)
  const entries = Object.entries(shallow.data).filter(([field]) => large === undefined || !fileFields.includes(field))
  const data = Object.fromEntries(entries)
  if (entries.length === 0) return { data: undefined, appendix: '', file: large }
  if (Buffer.byteLength(JSON.stringify(data)) <= limits.dataBytes) return { data, appendix: '', file: large }
  return { data: undefined, appendix: append(data, remarks), file: large }
}

function append(value: unknown, remarks: string[]): string {
  remarks.push('its data cannot stand as data here, and stands behind its text')
  return `\n\nData of this message, as it was stored:\n${typeof value === 'string' ? value : JSON.stringify(value)}`
}

/** Undefined where it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
