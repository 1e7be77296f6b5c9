/** What a request must show before anything is done for it [S-6]. */
export interface GuardPolicy {
  /** Host names that clients may use, in lower case. */
  readonly hosts: ReadonlySet<string>
  /** Origins of web pages that may connect, exact. */
  readonly origins: ReadonlySet<string>
}

export interface Refusal {
  readonly ok: false
  readonly status: 400 | 403
  readonly why: string
}
export type Verdict = { readonly ok: true } | Refusal

/** The names that a program on this machine uses for it. */
const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

export function guardPolicy(hosts: readonly string[], origins: readonly string[]): GuardPolicy {
  return { hosts: new Set([...loopbackNames, ...hosts.map((host) => host.toLowerCase())]), origins: new Set(origins) }
}

/**
 * Host against an allow-list, so that a web page cannot reach the hub under a name of its own (DNS
 * rebinding); Origin exact or refused, so that no page can use the visitor's browser. Neither is parsed
 * with anything that could throw, and neither is matched in part.
 */
export function checkRequest(
  headers: { host?: string | undefined; origin?: string | undefined },
  policy: GuardPolicy,
): Verdict {
  const { host, origin } = headers
  const name = host === undefined ? undefined : /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?$/i.exec(host)?.[1]
  if (name === undefined) return { ok: false, status: 400, why: 'The Host header is missing or malformed.' }
  if (!policy.hosts.has(name.toLowerCase())) {
    return {
      ok: false,
      status: 403,
      why: 'This host name is not allowed here. The operator can allow it with BELLHOP_ALLOWED_HOSTS.',
    }
  }
  if (origin !== undefined && !policy.origins.has(origin)) {
    return {
      ok: false,
      status: 403,
      why: 'This origin is not allowed here. The operator can allow it with BELLHOP_ALLOWED_ORIGINS.',
    }
  }
  return { ok: true }
}

export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(?:\.[0-9]{1,3}){3}$/.test(address)
}
