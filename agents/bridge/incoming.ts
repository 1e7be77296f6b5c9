import { limits, type Message } from '../../protocol/index.ts'
import { ClientError, type Client } from '../client/index.ts'
import { saveMail } from '../mail/files.ts'
import { sanitise } from '../wording/sanitise.ts'
import { size } from '../wording/words.ts'
import { bridgeLimits } from './limits.ts'
import { localTime } from './local-time.ts'
import { withData } from './outgoing.ts'
import { jsonBytes } from './size.ts'

/** A message as old clients have it. */
export interface OldMessage {
  readonly from: string
  readonly to: string
  readonly timestamp: string
  readonly message: { readonly content: string; readonly data?: Message['data'] }
}

export interface Reader {
  readonly client: Client
  /** Whose folder files go to. */
  readonly name: string
  readonly home: string
}

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' })

/**
 * The old form of a message, at most so many bytes of JSON. Old clients print its text into a terminal, so
 * that goes without what could deceive one [S-8]. A large body, and whatever would not fit into an
 * answer by itself, is written to a file of its own on this machine. Rejects with `ClientError` where the
 * body cannot be had at the moment.
 */
export async function oldForm(reader: Reader, message: Message, room: number): Promise<OldMessage> {
  const { content, data, blob } = message
  const text = sanitise(blob ? await withFile(reader, message, blob) : content)
  const plain = entry(message, { content: text, ...(data && { data }) })
  if (jsonBytes(plain) <= room) return plain
  const bytes = Buffer.from(data ? withData(text, data) : text)
  const { blob: _, ...written } = message
  const path = await save(reader, written, bytes)
  return entry(message, { content: `${beginning(content)}\n${whereItIs('The whole message', bytes.length, path)}` })
}

async function withFile(reader: Reader, message: Message, blob: NonNullable<Message['blob']>): Promise<string> {
  const what = blob.fileName === undefined ? 'The whole message' : `The file ${sanitise(blob.fileName)}`
  try {
    const bytes = await reader.client.download(blob, { timeoutMs: bridgeLimits.fetchingMs })
    const path = await save(reader, message, bytes)
    return `${message.content}\n${whereItIs(what, bytes.length, path)}`.trimStart()
  } catch (error) {
    if (!(error instanceof ClientError) || error.reason === 'hub_unreachable' || error.reason === 'closed') throw error
    // Waiting would not bring it, and would keep what is behind it from being read.
    return `${message.content}\n${what} (${size(blob.size)}) cannot be fetched: ${error.message} Ask its sender to send it again.`
  }
}

function save({ home, name }: Reader, message: Message, bytes: Uint8Array): Promise<string> {
  return saveMail({ home, owner: name, message, bytes })
}

function whereItIs(what: string, bytes: number, path: string): string {
  return `${what} (${size(bytes)}) is in ${path}`
}

function entry({ from, to, sentAt }: Message, message: OldMessage['message']): OldMessage {
  return { from, to, timestamp: localTime(sentAt), message }
}

/** The first two sentences, cut at a fixed length by characters. */
function beginning(content: string): string {
  const flat = sanitise(content.slice(0, 8 * limits.summaryLength)).replaceAll(/\s+/g, ' ')
  const two = [...sentences.segment(flat)].slice(0, 2).map(({ segment }) => segment)
  return `${Array.from(two.join('').trim()).slice(0, limits.summaryLength).join('')} …`
}
