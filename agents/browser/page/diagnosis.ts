/** What keeps a page from a hub, and what to do about it. */
export interface Diagnosis {
  readonly message: string
  readonly next: string
}

/**
 * Why a hub cannot be reached. A browser does not tell its page why a WebSocket failed, so this looks for
 * itself: whether anything answers there at all, and whether the hub lets this page read the answer.
 * Undefined where neither is the reason.
 */
export async function diagnose(hub: string): Promise<Diagnosis | undefined> {
  const url = URL.parse(hub)
  if (!url) return undefined
  url.protocol = url.protocol === 'wss:' ? 'https:' : 'http:'
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/healthz`
  const { origin } = window.location
  if (!(await answers(url, 'no-cors'))) {
    return {
      message: `Nothing answers at ${hub}, or this browser may not connect there.`,
      next: 'Start the hub on that machine, and check the address. Without TLS (ws://) this page connects to its own machine only. It goes on trying by itself.',
    }
  }
  if (await answers(url, 'cors')) return undefined
  return {
    message: `The hub at ${hub} answers, and lets no pages of ${origin} in.`,
    next: `Start the hub again with BELLHOP_ALLOWED_ORIGINS=${origin} in its environment (behind a comma, if another origin stands there already). This page goes on trying by itself.`,
  }
}

async function answers(url: URL, mode: RequestMode): Promise<boolean> {
  try {
    await fetch(url, { mode, cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(5_000) })
    return true
  } catch {
    return false
  }
}
