import type { WirePeer } from '../../support/wire.ts'
import type { Agent, Mail, Session } from './model.ts'
import { clients } from './steps.ts'

/** A program on one connection, as the model knows it. */
export interface Program {
  readonly peer: WirePeer
  place: Place | undefined
  /** Notifications that are due on it, but messages. */
  readonly due: object[]
}

/** The name that a connection has, and what it was pushed. */
export interface Place {
  readonly agent: Agent
  readonly session: Session
  readonly window: number
  readonly presence: boolean
  /** Everything up to here was pushed, or held before. */
  cursor: number
  /** Pushed and held, settled or not. */
  held: Set<Mail>
  /** It acknowledged what it was not pushed: more may be in flight than the window says. */
  loose: boolean
  /** What it may hold: its window, or what it held when it came, where that was more. */
  room: number
  /** Up to where it held everything when it came, until that has been counted. */
  heldUpTo: number | undefined
}

export interface Member {
  readonly program: Program
  readonly peer: WirePeer
  readonly place: Place
  readonly agent: Agent
}

/** The programs of one run: which are connected, and which name each has. */
export class Programs {
  readonly #all: (Program | undefined)[] = Array.from({ length: clients }, () => undefined)

  /** Agents that are online, and where. */
  get online(): Map<Agent, Place> {
    const places = this.connected.flatMap(({ place }) => (place ? [place] : []))
    return new Map(places.map((place) => [place.agent, place]))
  }

  get connected(): Program[] {
    return this.#all.filter((program) => program !== undefined)
  }

  at(who: number): Program | undefined {
    return this.#all[who]
  }

  connect(who: number, peer: WirePeer): Program {
    return (this.#all[who] = { peer, place: undefined, due: [] })
  }

  /** One of those that have a name, if any has. */
  member(pick: number): Member | undefined {
    const members = this.connected.filter(({ place }) => place !== undefined)
    const program = members[pick % Math.max(1, members.length)]
    return program?.place && { program, peer: program.peer, place: program.place, agent: program.place.agent }
  }

  of(agent: Agent): Program | undefined {
    return this.connected.find(({ place }) => place?.agent === agent)
  }

  /** Those that hear of others who come and go. */
  watchers(but?: Program): Program[] {
    return this.connected.filter((program) => program !== but && program.place?.presence === true)
  }

  enter(program: Program, place: Place, now: number): void {
    this.leave(program, now)
    program.place = place
    for (const { due } of this.watchers(program)) due.push({ method: 'presence', name: place.agent.name, online: true })
  }

  /** It has no name any more. */
  leave(program: Program, now: number): void {
    const { place } = program
    if (!place) return
    program.place = undefined
    place.agent.lastSeenAt = now
    for (const { due } of this.watchers()) due.push({ method: 'presence', name: place.agent.name, online: false })
  }

  disconnect(program: Program, now: number): void {
    this.leave(program, now)
    this.#all[this.#all.indexOf(program)] = undefined
  }

  /** The hub has ended, and all connections with it: nobody is there to be told. */
  end(now: number): void {
    for (const { place } of this.connected) if (place) place.agent.lastSeenAt = now
    this.#all.fill(undefined)
  }
}
