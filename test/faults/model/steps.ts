import { boolean, constant, constantFrom, nat, oneof, option, record, type Arbitrary } from 'fast-check'

/** Agents' programs, each with a connection of its own or none. */
export const clients = 4
/** Keys: two programs may hold the same. */
export const keys = 3

const who = nat({ max: clients - 1 })
const key = nat({ max: keys - 1 })
/** Names that are fought over; one is another's in capitals. */
const name = constantFrom('rose', 'Rose', 'lily', 'iris', 'fern', 'moss')
const topic = constantFrom('#all', '#one', '#One', '#two')
const attachment = { window: constantFrom(0, 1, 2, 64), presence: boolean() }

function step<K extends string, T>(
  weight: number,
  kind: K,
  model: { [P in keyof T]: Arbitrary<T[P]> },
): { weight: number; arbitrary: Arbitrary<{ kind: K } & T> } {
  return { weight, arbitrary: record({ kind: constant(kind), ...model }) as unknown as Arbitrary<{ kind: K } & T> }
}

/** Everything that may happen. `pick` chooses among what is there then. */
export const anyStep = oneof(
  step(6, 'register', { who, key, name, takeOver: boolean(), ...attachment }),
  step(2, 'disconnect', { who, orderly: boolean() }),
  step(3, 'resume', { who, pick: nat(), position: constantFrom('none', 'held', 'beyond', 'elsewhere'), ...attachment }),
  step(16, 'send', {
    who,
    to: oneof(
      { weight: 3, arbitrary: name },
      { weight: 2, arbitrary: topic },
      { weight: 1, arbitrary: constantFrom('bellhop', 'Everyone') },
    ),
    ttlSeconds: option(constantFrom(60, 4_000), { freq: 3, nil: undefined }),
    replyTo: option(nat(), { freq: 3, nil: undefined }),
  }),
  step(2, 'repeat', { who, pick: nat(), replyTo: option(nat(), { nil: undefined }) }),
  step(2, 'fetch', { who, after: nat({ max: 40 }), limit: constantFrom(1, 2, 200) }),
  step(8, 'ack', {
    who,
    picks: constantFrom(1, 2, 5),
    from: nat(),
    state: constantFrom('shown', 'shown', 'offered'),
    others: boolean(),
  }),
  step(1, 'receipts', { who, pick: nat() }),
  step(4, 'rename', { who, name }),
  step(2, 'join', { who, topic }),
  step(2, 'leave', { who, topic }),
  step(1, 'release', { who }),
  step(1, 'configure', { who, minutes: nat({ max: 60 }) }),
  step(1, 'list', { who }),
  step(3, 'wait', { minutes: constantFrom(1, 1, 30, 30, 61, 125, 300, 1_500), sweep: boolean() }),
  step(1, 'restart', {}),
)
export type Step = typeof anyStep extends Arbitrary<infer S> ? S : never

/** How each run begins: with somebody to talk to. */
export const opening: readonly Step[] = (['rose', 'lily', 'iris'] as const).map((name, who) => ({
  kind: 'register',
  who,
  key: who % keys,
  name,
  takeOver: false,
  window: ([64, 1, 2] as const)[who]!,
  presence: who === 0,
}))
