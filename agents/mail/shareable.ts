import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { basename, isAbsolute, relative, resolve, sep } from 'node:path'
import { limits, type Blob } from '../../protocol/index.ts'
import type { SendDraft } from '../client/index.ts'
import { size } from '../wording/words.ts'

export interface ShareableFile {
  readonly path: string
  readonly name: string
  readonly bytes: Buffer
  /** The same as text, where it is UTF-8 without NUL. */
  readonly text: string | undefined
}

/** Why a file is not shared, and what to do. */
export interface Unshareable {
  readonly reason: keyof typeof nextSteps
  readonly message: string
  readonly next: string
}

/** Reads a regular file of at most 16 MiB. Bellhop's own folder holds keys and other agents' mail: never from there. */
export async function readShareable(request: {
  readonly path: string
  readonly cwd: string
  readonly home: string
  readonly userHome: string | undefined
}): Promise<{ kind: 'read'; file: ShareableFile } | { kind: 'refused'; refusal: Unshareable }> {
  const wanted = resolve(request.cwd, request.path.replace(/^~(?=\/|$)/, request.userHome ?? '~'))
  try {
    const path = await realpath(wanted)
    const home = await realpath(request.home).catch(() => resolve(request.home))
    if (isInside(path, home))
      return refuse('file_private', `${path} lies in Bellhop's own folder, which holds its keys.`)
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    try {
      const stat = await file.stat()
      if (!stat.isFile()) return refuse('file_not_regular', `${path} is not a regular file.`)
      if (stat.size > limits.blobBytes) return tooLarge(path, stat.size)
      const bytes = await file.readFile()
      if (bytes.byteLength > limits.blobBytes) return tooLarge(path, bytes.byteLength)
      return { kind: 'read', file: { path, name: basename(path), bytes, text: asText(bytes) } }
    } finally {
      await file.close()
    }
  } catch (error) {
    return refuse(
      'file_unreadable',
      `${wanted} could not be read (${error instanceof Error ? error.message : String(error)}).`,
    )
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function asText(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const nextSteps = {
  file_unreadable: 'Check the path (an absolute one is safest) and share it again.',
  file_not_regular: 'Give the path of one file; of a folder, share an archive of it.',
  file_too_large: 'Send a message with the path or a link instead, or share a smaller part.',
  file_private: 'Choose another file. To pass on mail, send its text; copy a received file elsewhere first.',
} as const

function refuse(reason: keyof typeof nextSteps, message: string): { kind: 'refused'; refusal: Unshareable } {
  return { kind: 'refused', refusal: { reason, message: `${message} Nothing was sent.`, next: nextSteps[reason] } }
}

function tooLarge(path: string, bytes: number) {
  return refuse('file_too_large', `${path} has ${size(bytes)}; at most ${size(limits.blobBytes)} can be shared.`)
}

/** Bytes of a text that is sent inside the message: with path and description it stays below the hub's inline limit. */
const inlineBytes = 8 * 1024

/**
 * What is sent of a file: a small text inside the message, anything else as a blob. The path stands in the text,
 * which every reader sees.
 */
export async function draftOfFile(
  { path, name, bytes, text }: ShareableFile,
  { to, description }: { readonly to: string; readonly description?: string | undefined },
  upload: (bytes: Uint8Array, about: { mediaType: string; fileName: string }) => Promise<Blob>,
): Promise<SendDraft> {
  const data = { kind: 'file', size: bytes.byteLength, ...(description && { description }) }
  const head = `File ${path} (${size(bytes.byteLength)})${description ? `: ${description}` : ''}`
  if (text !== undefined && bytes.byteLength <= inlineBytes) return { to, content: `${head}\n\n${text}`, data }
  const mediaType = text === undefined ? 'application/octet-stream' : 'text/plain; charset=utf-8'
  const { handle } = await upload(bytes, { mediaType, fileName: name })
  return { to, content: head, data, blob: handle }
}
