import { rmSync } from 'node:fs'
import { FormerSecrets } from '../protocol/index.ts'
import { makeToken } from './auth.ts'
import type { Clock } from './clock.ts'
import type { Timers } from './delivery/heartbeat.ts'
import { keepSecret, readPrivately, writePrivately, type Home } from './home.ts'
import type { Log } from './log.ts'
import { sharedSecretLength, readChosenSecret } from './secret-file.ts'
import type { Settings } from './settings.ts'

/** Former secrets at most: whoever rotates more often within one time of grace ends the oldest. */
const formerMax = 8
/** Milliseconds after the end of a grace at which it is looked for again: clocks and timers drift apart. */
const leewayMs = 1_000

/** Why the secret stays as it is: for people. */
export interface RotationRefusal {
  readonly message: string
  readonly next: string
}

interface SecretsOptions {
  readonly home: Home
  readonly settings: Pick<Settings, 'secret' | 'secretFile' | 'formerSecret'>
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
}

const replaced = 'the secret in the home was replaced by the one that is set: programs that have the former are refused'

/**
 * The secrets in force [S-2]: one that is the hub's, and those before it whose time of grace lasts. The file
 * `secret.former` in the home keeps these, so that a restart refuses nobody. It is written before the new secret is,
 * so that a hub that is killed in between knows both afterwards.
 */
export class Secrets {
  readonly #options: SecretsOptions
  #current: string
  #former: Readonly<FormerSecrets>
  #timer: unknown
  #ended: () => void = () => undefined

  /** Only for the hub that holds the home's lock. Throws `SettingError`. */
  constructor(options: SecretsOptions) {
    const { home, settings, log } = options
    this.#options = options
    const { secret, made } = keepSecret(home, readChosenSecret(settings), () => log.warn({}, replaced))
    // Whoever deletes the secret to have a new one wants none of the old.
    if (made) rmSync(home.formerSecrets, { force: true })
    this.#current = secret
    this.#former = this.#load()
    this.#wait()
  }

  /** The secret that `isKnown` knows. All are tried, whichever fits, so that the time it takes tells nothing. */
  find(isKnown: (secret: string) => boolean): string | undefined {
    const all = this.#all()
    const known = all.map(isKnown)
    return all[known.indexOf(true)]
  }

  /** Whether a connection that was let in with this secret would be let in again. */
  accepts(secret: string): boolean {
    return this.#all().includes(secret)
  }

  /** Whether a former secret in the hub's environment lets in: it does for as long as the hub runs. */
  get formerInEnvironment(): boolean {
    const { formerSecret } = this.#options.settings
    return formerSecret !== '' && formerSecret !== this.#current
  }

  /** `ended` is called whenever former secrets have ended. */
  onEnd(ended: () => void): void {
    this.#ended = ended
  }

  /** Ends the timer. */
  close(): void {
    this.#options.timers.clearTimeout(this.#timer)
  }

  /**
   * Puts another secret in force: the given one, or one that the hub makes; where the secret is in a file of the
   * operator's, what that file holds now. The one before lets in until `grace` (milliseconds) is over, and
   * no older one for longer: with no grace, none does. Throws `SettingError` and what the disk throws; then the same
   * secret stays in force, though older ones may have ended.
   */
  rotate(grace: number, given?: string): RotationRefusal | undefined {
    const { home, settings, clock, log } = this.#options
    const refused = refuseSource(settings, given)
    if (refused) return refused
    const next = settings.secretFile === '' ? (given ?? makeToken()) : readChosenSecret(settings)
    if (next === this.#current) return unchanged(settings)
    if (next.length < sharedSecretLength) return tooShort
    const until = clock.now() + grace
    const older = this.#lasting().map((former) => ({ ...former, until: Math.min(former.until, until) }))
    const former = [...older, { secret: this.#current, until }].filter(({ secret }) => secret !== next)
    this.#store(grace === 0 ? [] : former.slice(-formerMax))
    try {
      writePrivately(home.secretFile, `${next}\n`)
      this.#current = next
      log.info({ former: this.#former.length, graceSeconds: grace / 1000 }, 'the secret was rotated')
    } finally {
      // Former secrets may have ended either way.
      this.#wait()
      this.#ended()
    }
    return undefined
  }

  /** Ends the grace of all former secrets in the home now. Answers how many there were. Throws what the disk throws. */
  endFormer(): number {
    const ended = this.#lasting().length
    this.#store([])
    this.#options.log.info({ ended }, 'former secrets were ended')
    this.#ended()
    return ended
  }

  #all(): string[] {
    const { formerSecret } = this.#options.settings
    const former = this.#lasting().map(({ secret }) => secret)
    return [this.#current, ...former, ...(formerSecret === '' ? [] : [formerSecret])]
  }

  #lasting(): Readonly<FormerSecrets> {
    const now = this.#options.clock.now()
    return this.#former.filter(({ until }) => until > now)
  }

  #load(): Readonly<FormerSecrets> {
    const { home, log } = this.#options
    const text = readPrivately(home.formerSecrets)
    if (text === undefined) return []
    try {
      return FormerSecrets.parse(JSON.parse(text))
    } catch {
      log.warn({ file: home.formerSecrets }, 'the file of former secrets is damaged: they are refused')
      return []
    }
  }

  #store(former: Readonly<FormerSecrets>): void {
    const { formerSecrets } = this.#options.home
    if (former.length > 0) writePrivately(formerSecrets, `${JSON.stringify(former)}\n`)
    else rmSync(formerSecrets, { force: true })
    this.#former = former
  }

  /** Until the next grace is over. */
  #wait(): void {
    const { clock, timers } = this.#options
    timers.clearTimeout(this.#timer)
    if (this.#former.length === 0) return
    const next = Math.min(...this.#former.map(({ until }) => until))
    this.#timer = timers.setTimeout(() => this.#expire(), Math.max(0, next - clock.now()) + leewayMs)
  }

  #expire(): void {
    const lasting = this.#lasting()
    if (lasting.length < this.#former.length) {
      try {
        this.#store(lasting)
      } catch {
        // They are refused in any case: each says until when it lasts. The file goes another time.
        this.#former = lasting
      }
      this.#options.log.info({ left: lasting.length }, 'the grace of a former secret is over')
      this.#ended()
    }
    this.#wait()
  }
}

function refuseSource({ secret, secretFile }: SecretsOptions['settings'], given: unknown): RotationRefusal | undefined {
  if (secret !== '') {
    return {
      message: 'This hub has its secret from BELLHOP_SECRET, which nobody can change while it runs.',
      next: 'Start it again with the new secret in BELLHOP_SECRET and the present one in BELLHOP_SECRET_FORMER: both let in then. Or use BELLHOP_SECRET_FILE, which can be rotated while the hub runs.',
    }
  }
  if (secretFile === '' || given === undefined) return undefined
  return {
    message: `This hub has its secret from the file ${secretFile}.`,
    next: 'Write the new secret into that file, then run this again without one.',
  }
}

function unchanged({ secretFile }: SecretsOptions['settings']): RotationRefusal {
  return secretFile === ''
    ? { message: 'That secret is the one in force.', next: 'Give another one, or none: the hub makes one then.' }
    : {
        message: `The file ${secretFile} still holds the secret in force.`,
        next: 'Write the new secret into that file (in place: a container sees no other file under its name), then run this again.',
      }
}

const tooShort: RotationRefusal = {
  message: `A secret has ${sharedSecretLength} characters or more.`,
  next: 'Give a longer one, such as that of "openssl rand -hex 32"; or none: the hub makes one then.',
}
