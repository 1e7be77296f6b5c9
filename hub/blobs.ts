import { createHash } from 'node:crypto'
import { createReadStream, type ReadStream } from 'node:fs'
import { constants, copyFile, mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { nanoid } from 'nanoid'
import { limits, type Blob } from '../protocol/index.ts'
import { summaryNeeds } from './rules/summary.ts'

/** A body that does not end before the limit. */
export class BlobTooLarge extends Error {
  override readonly name = 'BlobTooLarge'
}

/** What a text that became a blob is. */
export const textMediaType = 'text/markdown; charset=utf-8'

/** The name of a file that is still being received. */
const draftSuffix = '.part'

/**
 * Large bodies as files, one each, named by a random handle. A blob is durable before its handle is
 * given out; the ledger knows who may read it.
 */
export class BlobStore {
  readonly #folder: string
  #holds = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Stores a stream of bytes. Throws `BlobTooLarge`, and what the disk throws; then nothing is left behind. */
  async store(source: AsyncIterable<Uint8Array>, about: { mediaType: string; fileName?: string }): Promise<Blob> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const handle = nanoid()
    const path = this.#path(handle)
    const draft = await open(path + draftSuffix, 'wx', 0o600)
    const hash = createHash('sha256')
    let size = 0
    try {
      for await (const chunk of source) {
        size += chunk.byteLength
        if (size > limits.blobBytes) throw new BlobTooLarge(`more than ${limits.blobBytes} bytes`)
        hash.update(chunk)
        await draft.writeFile(chunk)
      }
      await draft.sync()
      await draft.close()
      await rename(path + draftSuffix, path)
      await syncFolder(this.#folder)
    } catch (error) {
      await draft.close().catch(() => undefined)
      await rm(path + draftSuffix, { force: true })
      throw error
    }
    return { handle, size, sha256: hash.digest('hex'), ...about }
  }

  /** A text that came inline and is too large to stay there. */
  storeText(text: string): Promise<Blob> {
    return this.store(chunks(Buffer.from(text)), { mediaType: textMediaType })
  }

  /** As much of the beginning as a summary is made from. */
  async beginning(handle: string): Promise<string> {
    const file = await open(this.#path(handle))
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(summaryNeeds), 0, summaryNeeds, 0)
      // A character cut in half at the end is dropped by the stream mode of the decoder.
      return new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true })
    } finally {
      await file.close()
    }
  }

  /** The bytes from `start` to `end`, both included. */
  read(handle: string, range: { start: number; end: number }): ReadStream {
    return createReadStream(this.#path(handle), range)
  }

  /** Until what it returns is called, nothing is removed; what was to be, the next sweep finds again. */
  hold(): () => void {
    this.#holds += 1
    return () => (this.#holds -= 1)
  }

  /** A copy, durable, at a path where nothing is yet. */
  async copy(handle: string, path: string): Promise<void> {
    await copyFile(this.#path(handle), path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    const file = await open(path, 'r+')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  }

  async remove(handle: string): Promise<void> {
    if (this.#holds > 0) return
    await rm(this.#path(handle), { force: true })
  }

  /** Files older than `before` (milliseconds since 1970): handles, and drafts that a crash left. */
  async olderThan(before: number): Promise<{ handles: string[]; drafts: string[] }> {
    const names = await readdir(this.#folder)
    const old: string[] = []
    for (const name of names) {
      const { mtimeMs } = await stat(join(this.#folder, name)).catch(() => ({ mtimeMs: Infinity }))
      if (mtimeMs < before) old.push(name)
    }
    return {
      handles: old.filter((name) => !name.endsWith(draftSuffix)),
      drafts: old.filter((name) => name.endsWith(draftSuffix)),
    }
  }

  #path(handle: string): string {
    return join(this.#folder, handle)
  }
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** A renamed file is durable when its folder is. Windows has no such call, and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  let handle: FileHandle | undefined
  try {
    handle = await open(folder)
    await handle.sync()
  } finally {
    await handle?.close()
  }
}
