import { nameKey, type Attached, type Method, type ParamsInput, type Result, type Route } from '../../protocol/index.ts'
import type { Registration } from './client.ts'
import { Inbox, type Continuity } from './inbox.ts'

/** What the client asks for with every registration. */
export interface Wishes {
  readonly window?: number
  readonly routes?: readonly Route[]
  readonly presence?: boolean
}

/** The name that this client has, its session, and its place in the mailbox. */
export interface Member {
  readonly registration: Registration
  /** Bearer of the session. */
  readonly token: string
}

/** What this client is to the hub, kept over breaks. It never talks to the hub itself. */
export class Membership {
  readonly inbox = new Inbox()
  #member: Member | undefined
  #wishes: Wishes

  constructor(wishes: Wishes) {
    this.#wishes = wishes
  }

  get member(): Member | undefined {
    return this.#member
  }

  /** The part that `register` and `resume` have in common. */
  get wishes(): Pick<ParamsInput<'register'>, 'window' | 'routes' | 'presence'> {
    const { window, routes, presence } = this.#wishes
    return {
      ...(window !== undefined && { window }),
      ...(routes !== undefined && { routes: [...routes] }),
      ...(presence !== undefined && { presence }),
    }
  }

  /** `resumed`: the same agent, whatever it is called now. */
  attached({ name, session, epoch, recovered, topics, autoCheck }: Attached, resumed: boolean): Continuity {
    const sameMailbox = resumed || this.isNamed(name)
    this.#member = { registration: { name, autoCheck, topics }, token: session.token }
    return this.inbox.attach({ epoch, recovered, sameMailbox })
  }

  isNamed(name: string): boolean {
    return this.#member !== undefined && nameKey(this.#member.registration.name) === nameKey(name)
  }

  renamed(name: string): void {
    this.#change({ name })
  }

  forget(): void {
    this.#member = undefined
    this.inbox.clear()
  }

  /** Keeps up with what an answered request has changed, so that the next registration asks for the same. */
  learn<M extends Method>(method: M, params: ParamsInput<M>, result: Result<M>): void {
    const topics = this.#member?.registration.topics ?? []
    if (method === 'reach') {
      this.#wishes = { ...this.#wishes, routes: (params as ParamsInput<'reach'>).routes }
    } else if (method === 'configure') {
      this.#change({ autoCheck: (result as Result<'configure'>).autoCheck })
    } else if (method === 'join') {
      const { topic } = result as Result<'join'>
      this.#change({ topics: [...topics.filter((other) => nameKey(other) !== nameKey(topic)), topic] })
    } else if (method === 'leave') {
      const { topic } = result as Result<'leave'>
      this.#change({ topics: topics.filter((other) => nameKey(other) !== nameKey(topic)) })
    }
  }

  #change(change: Partial<Registration>): void {
    if (!this.#member) return
    this.#member = { ...this.#member, registration: { ...this.#member.registration, ...change } }
  }
}
