import type { Ringer } from './ringer.ts'

/** `resources/updated`, for programs that subscribe to the inbox: it reaches no model, and wakes nobody. */
export function subscription(parts: {
  readonly isSubscribed: () => boolean
  readonly notify: () => Promise<void>
}): Ringer {
  return {
    route: 'resource',
    title: 'an MCP notification to programs that subscribe',
    wakes: false,
    busyMs: 0,
    isReady: parts.isSubscribed,
    ring: () =>
      parts.notify().then(
        () => true,
        // Whoever is gone by now needs no bell.
        () => false,
      ),
  }
}
