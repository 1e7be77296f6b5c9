import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { nameKey } from '../../protocol/index.ts'
import { bridgeLimits } from './limits.ts'

/** How much each name asks for; a new session of the same name changes nothing. */
export class Rates {
  readonly #requests = new RateLimiterMemory({ points: bridgeLimits.requestsPerMinute, duration: 60 })

  /** Counts one request; says what to do where it is too many. */
  async request(name: string): Promise<string | undefined> {
    try {
      await this.#requests.consume(nameKey(name))
      return undefined
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
      return `Too many requests: ${bridgeLimits.requestsPerMinute} a minute are allowed for each name. Wait ${seconds} s, then send the same request again.`
    }
  }
}
