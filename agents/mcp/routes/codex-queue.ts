import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Environment } from '../../client/settings.ts'
import type { Conversation } from '../conversation.ts'
import { ringText, type Ringer } from './ringer.ts'

/** Milliseconds for one call: measured at up to 9.5 s where Codex runs without its daemon. */
const queueMs = 30_000

/** Runs a program to its end; rejects where it fails. */
export type Run = (
  file: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly timeout: number },
) => Promise<unknown>

interface QueueParts {
  readonly conversation: Pick<Conversation, 'assistant' | 'session' | 'isAttended'>
  readonly env: Environment
  readonly run?: Run
}

/**
 * `codex queue`: a message for a thread, at once where it is idle, and at its next turn where it is busy.
 * It enters as the user's words, and so is always the same sentence.
 */
export function codexQueue({ conversation, env, run = promisify(execFile) }: QueueParts): Ringer {
  /** The thread for which it failed: an older Codex, or one that is not on the path. */
  let failed: string | undefined
  return {
    route: 'wake',
    title: 'codex queue',
    wakes: true,
    // What is queued for a busy thread cannot be taken back: hooks have long to show the mail.
    busyMs: 120_000,
    isReady: () =>
      conversation.assistant === 'codex' &&
      conversation.isAttended &&
      conversation.session !== undefined &&
      conversation.session !== failed,
    async ring() {
      const thread = conversation.session
      if (thread === undefined) return false
      try {
        await run('codex', ['queue', '--thread', thread, '--message', ringText], { env, timeout: queueMs })
        return true
      } catch {
        failed = thread
        return false
      }
    },
  }
}
