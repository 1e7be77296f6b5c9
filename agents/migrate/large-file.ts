import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { limits } from '../../protocol/index.ts'

const folderName = 'large-messages'
/** Lines in which the header is looked for, and bytes that it may take. */
const headerLines = 12
const headerBytes = 4 * 1024

/**
 * The content of a large message, from the file that its row names: only ever out of the folder for such
 * files, since a row may name any file of this user.
 */
export function readLargeFile(
  dataFolder: string,
  named: string,
): { readonly content: string } | { readonly why: string } {
  const path = locateFile(dataFolder, named)
  if ('why' in path) return path
  let descriptor: number
  try {
    descriptor = openSync(path.file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    return { why: `its large file cannot be read (${codeOf(error)})` }
  }
  try {
    const { size, isFile } = describe(descriptor)
    if (!isFile) return { why: 'its large file is no file' }
    if (size > limits.blobBytes + headerBytes) return { why: 'its large file is larger than 16 MiB' }
    const content = withoutHeader(readFileSync(descriptor, 'utf8'))
    if (Buffer.byteLength(content) > limits.blobBytes) return { why: 'its large file is larger than 16 MiB' }
    return { content }
  } finally {
    closeSync(descriptor)
  }
}

function describe(descriptor: number): { size: number; isFile: boolean } {
  const found = fstatSync(descriptor)
  return { size: found.size, isFile: found.isFile() }
}

/** Inside the folder, links followed. Data that was moved here from elsewhere names files by where they were. */
function locateFile(dataFolder: string, named: string): { readonly file: string } | { readonly why: string } {
  const outside = { why: `its large file lies outside ${folderName}, and was not read` }
  const folder = resolve(dataFolder, folderName)
  const absolute = resolve(dataFolder, named)
  const isMoved = basename(dirname(absolute)) === folderName
  const wanted = isMoved ? join(folder, basename(absolute)) : absolute
  if (named.includes('\0') || !wanted.startsWith(folder + sep)) return outside
  try {
    const file = realpathSync(wanted)
    return file.startsWith(realpathSync(folder) + sep) ? { file } : outside
  } catch (error) {
    return {
      why:
        codeOf(error) === 'ENOENT' ? 'its large file is missing' : `its large file cannot be read (${codeOf(error)})`,
    }
  }
}

/** From, to, time and size stand above the content, and a line break behind it. A file without them is taken whole. */
function withoutHeader(text: string): string {
  const lines = text.split('\n', headerLines)
  const isHeader = lines.slice(0, 4).some((line) => /^From:/i.test(line))
  if (!isHeader) return text
  const heading = lines.findIndex((line) => /^## Content\s*$/.test(line))
  const last = heading >= 0 ? heading : lines.findIndex((line) => line.trim() === '')
  if (last < 0) return text
  const start = lines.slice(0, last + 1).reduce((sum, line) => sum + line.length + 1, 0)
  return text.slice(start).replace(/\n$/, '')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
