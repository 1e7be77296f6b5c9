import { isLoopback } from './guards.ts'

/** Of all places, the part that one address may hold: the others stay for everybody else. */
const shareOfOneAddress = 1 / 4

/**
 * Places for connections that have not proved anything yet [S-6]: so many in all, and a share of them for one
 * address. Programs on this machine, and proxies that speak for others, have no share of their own.
 */
export class Places {
  readonly #total: number
  readonly #share: number
  readonly #held = new Map<string, number>()
  #taken = 0

  constructor(total: number) {
    this.#total = total
    this.#share = Math.max(1, Math.ceil(total * shareOfOneAddress))
  }

  get taken(): number {
    return this.#taken
  }

  /** Takes a place; what it returns gives it back, once. Undefined where there is none. */
  take(address: string, isProxy = false): (() => void) | undefined {
    const party = isProxy || address === 'local' || isLoopback(address) ? undefined : partyOf(address)
    const held = party === undefined ? 0 : (this.#held.get(party) ?? 0)
    if (this.#taken >= this.#total || held >= this.#share) return undefined
    this.#taken += 1
    if (party !== undefined) this.#held.set(party, held + 1)
    let given = false
    return () => {
      if (given) return
      given = true
      this.#taken -= 1
      if (party === undefined) return
      const left = (this.#held.get(party) ?? 1) - 1
      if (left > 0) this.#held.set(party, left)
      else this.#held.delete(party)
    }
  }
}

/** Whoever has one address of IPv6 has the 2^64 beside it. */
function partyOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const behind = tail === '' ? [] : tail.split(':')
    groups.push(...Array<string>(Math.max(0, 8 - groups.length - behind.length)).fill('0'), ...behind)
  }
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
