import { onTestFinished } from 'vitest'
import { homeWithHub } from '../../support/hub-process.ts'
import { check, type Verdict } from '../history/check.ts'
import { History } from '../history/history.ts'
import { AgentProcess } from './agent-process.ts'
import { askForEnds } from './ask-for-ends.ts'
import type { Part } from './part.ts'

/** How many agents of each kind write to each other by default. */
const defaults = { writers: 3, readers: 2 }

/**
 * Agents that write to each other through a hub, each a process of its own, in a home of their own in
 * which they start hubs by themselves; and the history of all that they do.
 */
export class Correspondence {
  readonly history = new History()
  readonly home: string
  readonly env: Readonly<Record<string, string>>
  readonly writers: readonly string[]
  readonly readers: readonly string[]
  /** Rejects when an agent ends that nobody had told to. */
  readonly #failure = Promise.withResolvers<never>()
  readonly #processes = new Map<string, AgentProcess>()
  readonly #lives = new Map<string, number>()
  #isOver = false

  constructor(settings: Record<string, string> = {}, { writers, readers } = defaults) {
    const { home, env } = homeWithHub({ BELLHOP_MAILBOX_DEPTH: '1000000', BELLHOP_LOG: 'warn', ...settings })
    this.home = home
    this.env = env
    this.writers = Array.from({ length: writers }, (_, index) => `writer-${index}`)
    this.readers = Array.from({ length: readers }, (_, index) => `reader-${index}`)
    this.#failure.promise.catch(() => undefined)
    onTestFinished(async () => {
      // A test that ran out of time may still be killing, and would bring agents back that nobody ends.
      this.#isOver = true
      await Promise.all([...this.#processes.values()].map((process) => process.kill()))
    })
  }

  get agents(): readonly string[] {
    return [...this.readers, ...this.writers]
  }

  /** Starts everybody; resolves when all have their names, and the writers begin. */
  async begin(): Promise<void> {
    const processes = this.agents.map((agent) => this.#start(agent))
    await this.unlessFailed(Promise.all(processes.map(({ ready }) => ready)))
    for (const writer of this.writers) this.process(writer).tell('write')
  }

  process(agent: string): AgentProcess {
    return this.#processes.get(agent)!
  }

  /** Kills an agent, and gives it its next life. */
  async restart(agent: string): Promise<void> {
    await this.process(agent).kill()
    const process = this.#start(agent)
    if (this.writers.includes(agent)) process.tell('write')
  }

  /** Resolves with the work, or rejects as soon as an agent has died by itself. */
  unlessFailed<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#failure.promise])
  }

  /** Writers write no more, everybody reads what waits, and all processes end in order. `begin` goes on. */
  async pause(): Promise<void> {
    const writers = this.writers.map((agent) => this.process(agent))
    for (const writer of writers) writer.tell('quiet')
    await this.unlessFailed(Promise.all(writers.map(({ quiet }) => quiet)))
    // Readers answer some of it: writers are the last to have read everything.
    for (const group of [this.readers, this.writers]) await this.#finish(group)
  }

  /** After a pause: asks the hub what became of everything, and judges. */
  async judge(): Promise<Verdict> {
    await askForEnds(this.agents, this.env, this.history)
    return check(this.history.events())
  }

  async #finish(agents: readonly string[]): Promise<void> {
    const processes = agents.map((agent) => this.process(agent))
    for (const process of processes) process.tell('finish')
    await this.unlessFailed(Promise.all(processes.map(({ ended }) => ended)))
  }

  #start(agent: string): AgentProcess {
    if (this.#isOver) throw new Error('the test is over')
    const life = this.#lives.get(agent) ?? 0
    this.#lives.set(agent, life + 1)
    const { writers, readers, env, history } = this
    const part: Part = { agent, life, role: readers.includes(agent) ? 'reader' : 'writer', writers, readers }
    const died = (problem: string): void => this.#failure.reject(new Error(problem))
    const process = new AgentProcess({ part, env, history, died })
    this.#processes.set(agent, process)
    return process
  }
}
