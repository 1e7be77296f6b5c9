import process from 'node:process'
import { isMainThread } from 'node:worker_threads'
import { connectToShim } from '../local/link.ts'
import type { Hooks, PluginInput } from './api.ts'
import { createHooks } from './hooks.ts'

/** Bellhop inside opencode: shows mail beside prompts and tool results, and wakes an idle session. */
export async function Bellhop({ client, directory }: PluginInput): Promise<Hooks> {
  return createHooks({
    client,
    // One process is the assistant and starts the shim; the terminal's program runs plugins in a worker of it.
    connect: ({ home, signal }) =>
      connectToShim({ home, ancestors: [process.pid], assistant: 'opencode', cwd: directory, signal }),
    // `opencode run` ends with its turn.
    headless: isMainThread && process.argv.slice(2).includes('run'),
  })
}
