import process from 'node:process'
import { nameKey } from '../../../protocol/index.ts'
import { findShims } from '../../local/link.ts'
import type { ShimContext } from '../context.ts'

/** Milliseconds for asking the other shims of this user: they are on this machine. */
const askMs = 500

/**
 * Whether an earlier conversation of this very assistant holds a name. Codex keeps the shim of each thread
 * that its user has left with /new or /clear: whoever registers again there means to go on.
 */
export async function isHeldBefore(name: string, { conversation, home }: ShimContext): Promise<boolean> {
  // A subagent has a shim of its own too, and must not take its parent's name.
  if (conversation.assistant !== 'codex' || !conversation.isAttended) return false
  const shims = await findShims(home, AbortSignal.timeout(askMs))
  return shims.some(
    (shim) =>
      shim.parent === process.ppid &&
      shim.pid !== process.pid &&
      shim.name !== undefined &&
      nameKey(shim.name) === nameKey(name),
  )
}
