import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/** The longest path that a Unix-domain socket may have on every system, in bytes. */
const socketPathMax = 103
/** Bytes of the longest file name: two process ids. */
const fileNameBytes = '/4194304-4194304.sock'.length

/** A running shim's socket, by the processes that it belongs to. */
export interface ShimPlace {
  readonly path: string
  readonly pid: number
  /** The process that started it: the assistant, or its launcher. */
  readonly parent: number
}

/** Whether this system has what shims and hooks meet over. */
export const canMeet = process.platform !== 'win32'

/** The folder of the shims' sockets, 0700: in the home, or in a short place of this user where that is too long. */
export function meetingFolder(home: string): string {
  const folder = join(home, 'shims')
  if (Buffer.byteLength(folder) + fileNameBytes <= socketPathMax) return folder
  const hash = createHash('sha256').update(home).digest('hex').slice(0, 16)
  return join(tmpdir(), `bellhop-${userInfo().uid}-${hash}`)
}

/** The parent's id stands in the name, so that a hook finds its shim without opening anything. */
export function shimPath(home: string, parent: number, pid: number): string {
  return join(meetingFolder(home), `${parent}-${pid}.sock`)
}

/** The sockets of this home, those of shims that were killed among them. */
export function listShims(home: string): ShimPlace[] {
  const folder = meetingFolder(home)
  return namesIn(folder).flatMap((file) => {
    const [, parent, pid] = /^(\d+)-(\d+)\.sock$/.exec(file) ?? []
    return parent && pid ? [{ path: join(folder, file), parent: Number(parent), pid: Number(pid) }] : []
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
