import { until } from '../../bench/jobs/waiting.ts'
import { Member, type Place } from './member.ts'

/** Visitors at a time, there and away; for each that comes new, the oldest gives its name up. */
const most = 24
/** How many come, before anybody goes. */
const firstOfAll = 12
/** Milliseconds in which a visitor must have got all of its mail before it gives up its name. */
const mailWithinMs = 60_000
const habits = { window: 64, lagMs: 0 }

/** Agents that come and go all the time, with new names and with known ones. */
export class Visitors {
  readonly #place: Place
  readonly #prefix: string
  /** Mail goes to it, and nobody has registered it yet. */
  #announced: Member
  #present: Member[] = []
  #away: Member[] = []
  #named = 0
  #all: readonly Member[] = []

  /** Their names begin with `prefix`. */
  constructor(place: Place, prefix: string) {
    this.#place = place
    this.#prefix = prefix
    this.#announced = this.#name()
  }

  /** Those to whom mail may be sent. */
  get all(): readonly Member[] {
    return this.#all
  }

  async arrive(): Promise<void> {
    for (let count = 0; count < firstOfAll; count += 1) await this.#welcome()
  }

  /** Two go and two that had gone come back, each in its own way; one is taken over, and a new one comes. */
  async turn(): Promise<void> {
    const [resuming, registering] = this.#away.splice(0, 2)
    const [closing, terminated] = this.#present.splice(0, 2)
    await Promise.all([
      this.#part(closing, 'close'),
      this.#part(terminated, 'terminate'),
      this.#bringBack(resuming, (member) => member.resume()),
      this.#bringBack(registering, (member) => member.register()),
      this.#present[0]?.register(true),
      this.#welcome(),
    ])
    if (this.#present.length + this.#away.length > most) await this.#retire(this.#present.shift()!)
    this.#list()
  }

  /** All come back, read what is left, and give their names up. */
  async retireAll(): Promise<void> {
    const announced = this.#announced
    await Promise.all([...this.#away.map((member) => member.resume()), announced.register()])
    await Promise.all([...this.#away, ...this.#present, announced].map((member) => this.#retire(member)))
  }

  #name(): Member {
    this.#named += 1
    return new Member(this.#place, `${this.#prefix}-${this.#named}`, habits)
  }

  /** The one to whom mail was sent already. */
  async #welcome(): Promise<void> {
    const member = this.#announced
    this.#announced = this.#name()
    await member.register()
    this.#present.push(member)
    this.#list()
  }

  async #bringBack(member: Member | undefined, how: (member: Member) => Promise<void>): Promise<void> {
    if (member === undefined) return
    await how(member)
    this.#present.push(member)
  }

  async #part(member: Member | undefined, how: 'close' | 'terminate'): Promise<void> {
    if (member === undefined) return
    // Known as away before it is: nobody takes over what is going.
    this.#away.push(member)
    await member.leave(how)
  }

  async #retire(member: Member): Promise<void> {
    this.#all = this.#all.filter((other) => other !== member)
    await until(
      () => member.isDone,
      mailWithinMs,
      () => `${member.name} misses ${member.missing} of ${member.expected} messages`,
    )
    await member.line.request('release', {})
    await member.leave('close')
  }

  #list(): void {
    this.#all = [...this.#present, ...this.#away, this.#announced]
  }
}
