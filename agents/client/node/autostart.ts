import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from '../clock.ts'
import type { Starter } from '../lifeline.ts'
import { startOrphan } from './orphan.ts'
import type { Environment, Settings } from '../settings.ts'

/** Program and arguments of a hub. */
export type HubCommand = readonly [program: string, ...args: string[]]

/** Longest random pause before a hub is started, in milliseconds: of many clients, one comes first. */
const hesitationMs = 100
/** Between two attempts to connect while a hub starts, in milliseconds. */
const shortestLookMs = 50
export const longestLookMs = 100
/** How long a hub may take to start, in milliseconds; then ordinary waiting begins. */
const startingMs = 10_000
/** After this age the mark of another process that starts a hub counts for nothing, in milliseconds. */
const markMs = 1_500
/** Milliseconds that are waited after the started hub ended: it ends when another one was first. */
const afterEndMs = 1_000

/** `until`: when this effort ends without a hub, in milliseconds since 1970. */
type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'hesitating'; readonly until: number }
  /** Another process is at it; should nothing come of that, its mark is old at `again`. */
  | { readonly kind: 'deferring'; readonly until: number; readonly again: number }
  | { readonly kind: 'starting'; readonly until: number }

interface StarterOptions {
  readonly settings: Pick<Settings, 'home'>
  readonly environment: Environment
  readonly command: HubCommand
  readonly clock: Clock
  readonly random: () => number
}

/**
 * MiB of each half of V8's space for young objects. By itself it grows to twice that under a burst of connections and
 * never gives it back: with 10,000 idle agents, a third of what each takes.
 */
const youngMib = 16

/** What the hub's Node is told. */
export const hubFlags: readonly string[] = [`--max-semi-space-size=${youngMib}`]

/** The hub beside this file, run by the Node that runs us: source beside source, build beside build. */
export function ownHub(): HubCommand {
  const main = fileURLToPath(new URL(`../../../hub/main${extname(import.meta.url)}`, import.meta.url))
  return [process.execPath, ...hubFlags, main]
}

/**
 * Starts a hub where none answers, as nobody's child, with its output in `<home>/hub.log`. Many clients may do so
 * at once: each hesitates, looks again, and leaves it to another whose mark is in the home. The mark
 * only saves processes; that one hub remains is the work of the lock which the hub itself takes.
 */
export class HubStarter implements Starter {
  readonly #options: StarterOptions
  readonly #mark: string
  #phase: Phase = { kind: 'idle' }

  constructor(options: StarterOptions) {
    this.#options = options
    this.#mark = join(options.settings.home, 'hub.starting')
  }

  advance(): number | undefined {
    const { clock, random } = this.#options
    const now = clock.now()
    const phase = this.#phase
    if (phase.kind === 'idle') {
      this.#phase = { kind: 'hesitating', until: now + startingMs }
      return random() * hesitationMs
    }
    if (now >= phase.until) return this.#giveUp()
    if (phase.kind === 'hesitating' || (phase.kind === 'deferring' && now >= phase.again)) {
      try {
        this.#start(phase.until, now)
      } catch {
        return this.#giveUp()
      }
    }
    return shortestLookMs + random() * (longestLookMs - shortestLookMs)
  }

  found(): void {
    if (this.#phase.kind === 'starting') rmSync(this.#mark, { force: true })
    this.#phase = { kind: 'idle' }
  }

  #giveUp(): undefined {
    this.#phase = { kind: 'idle' }
  }

  #start(until: number, now: number): void {
    mkdirSync(this.#options.settings.home, { recursive: true, mode: 0o700 })
    if (this.#isMarked()) {
      this.#phase = { kind: 'deferring', until, again: now + markMs }
      return
    }
    this.#phase = { kind: 'starting', until }
    this.#spawn()
  }

  #isMarked(): boolean {
    const age = Date.now() - (statSync(this.#mark, { throwIfNoEntry: false })?.mtimeMs ?? 0)
    if (age >= markMs || age < 0) rmSync(this.#mark, { force: true })
    try {
      closeSync(openSync(this.#mark, 'wx', 0o600))
      return false
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return true
      throw error
    }
  }

  #spawn(): void {
    const { settings, environment, command } = this.#options
    const log = openSync(join(settings.home, 'hub.log'), 'a', 0o600)
    try {
      startOrphan({
        command,
        cwd: settings.home,
        // Where something else has the port, this user's assistants still reach their hub by its socket.
        env: { BELLHOP_TCP: 'optional', ...environment, BELLHOP_HOME: settings.home },
        log,
        onEnd: () => this.#ended(),
      })
    } finally {
      closeSync(log)
    }
  }

  #ended(): void {
    if (this.#phase.kind !== 'starting') return
    this.#phase = { kind: 'starting', until: Math.min(this.#phase.until, this.#options.clock.now() + afterEndMs) }
  }
}
