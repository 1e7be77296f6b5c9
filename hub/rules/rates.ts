import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Failure } from '../../protocol/index.ts'
import type { Settings } from '../settings.ts'

/** The parties that are limited, each with what it is limited in [S-7]. */
export class Rates {
  readonly #sends: RateLimiterMemory
  readonly #registrations: RateLimiterMemory
  readonly #settings: Settings

  constructor(settings: Settings) {
    this.#settings = settings
    this.#sends = new RateLimiterMemory({ points: settings.sendsPerMinute, duration: 60 })
    this.#registrations = new RateLimiterMemory({ points: settings.registrationsPerMinute, duration: 60 })
  }

  /** Counts one send of this agent. */
  send(agent: number): Promise<Failure | undefined> {
    return consume(this.#sends, `${agent}`, `${this.#settings.sendsPerMinute} messages a minute are allowed.`)
  }

  /** Gives a registration back: its maker came back to a name with the right key, which is no new name. */
  async refundRegistration(address: string): Promise<void> {
    await this.#registrations.reward(address)
  }

  /** Counts one registration from this address. */
  registration(address: string): Promise<Failure | undefined> {
    return consume(
      this.#registrations,
      address,
      `${this.#settings.registrationsPerMinute} registrations a minute are allowed from one address.`,
    )
  }
}

async function consume(limiter: RateLimiterMemory, key: string, rule: string): Promise<Failure | undefined> {
  try {
    await limiter.consume(key)
    return undefined
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    const retryAfterMs = Math.max(1, refusal.msBeforeNext)
    return {
      reason: 'rate_limited',
      message: `Too many requests: ${rule}`,
      next: `Wait ${Math.ceil(retryAfterMs / 1000)} s, then send the same request again.`,
      retryAfterMs,
    }
  }
}
