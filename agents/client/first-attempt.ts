import type { Client, ClientState } from './client.ts'

/**
 * Resolves when the client is connected; rejects with a `ClientError` when its first attempt has failed
 * (or so many), or the hub that it started did not come: for those who want to know whether a hub is there, or can be.
 */
export async function firstAttempt(client: Client, timeoutMs: number, attempts = 1): Promise<void> {
  const failed = Promise.withResolvers<never>()
  const watch = (state: ClientState): void => {
    if (state.kind === 'waiting' && !state.isStarting && state.attempt >= attempts) failed.reject(state.cause)
  }
  watch(client.state)
  client.on('state', watch)
  try {
    await Promise.race([client.ready({ timeoutMs }), failed.promise])
  } finally {
    client.off('state', watch)
  }
}
