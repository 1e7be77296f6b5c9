import type { Event, Shown } from './event.ts'
import type { Rule } from './violation.ts'

type History = readonly Event[]
/** Answers the history with the fault in it; undefined where this one has no place for it. */
type Plant = (events: History, pick: <T>(from: readonly T[]) => T | undefined) => History | undefined

type Of<K extends Event['kind']> = Extract<Event, { kind: K }>

function all<K extends Event['kind']>(events: History, kind: K): Of<K>[] {
  return events.filter((event): event is Of<K> => event.kind === kind)
}

function replace(events: History, old: Event, ...replacement: readonly Event[]): History {
  return events.flatMap((event) => (event === old ? replacement : [event]))
}

function isAbout(event: Event, id: string, agent: string): boolean {
  return 'id' in event && event.id === id && 'agent' in event && event.agent === agent
}

/** Showings whose message nobody was shown again, so that the history stays simple around the fault. */
function shownOnce(events: History): Shown[] {
  const shown = all(events, 'shown')
  return shown.filter(({ id, agent }) => shown.filter((other) => isAbout(other, id, agent)).length === 1)
}

function highestSeq(events: History): number {
  return Math.max(0, ...all(events, 'shown').map(({ seq }) => seq))
}

/** Each plant with the rules that its fault breaks: those, and no other. */
export const plants: Readonly<Record<string, { readonly breaks: readonly Rule[]; readonly plant: Plant }>> = {
  'an accepted message that a recipient never gets': {
    breaks: ['loss'],
    plant: (events, pick) => {
      const answered = new Set(all(events, 'sending').map(({ replyTo }) => replyTo))
      const accepted = pick(all(events, 'accepted').filter(({ id }) => !answered.has(id)))
      const end = accepted && all(events, 'end').find(({ id }) => id === accepted.id)
      if (!end) return undefined
      const { id, agent } = end
      const without = events.filter((event) => !isAbout(event, id, agent) || event === end)
      return replace(without, end, { ...end, steps: ['queued'] })
    },
  },
  'a message that is lost while its receipt says that it was shown': {
    breaks: ['loss', 'false receipt'],
    plant: (events, pick) => {
      const accepted = new Set(all(events, 'accepted').map(({ id }) => id))
      const end = pick(all(events, 'end').filter(({ id, steps }) => accepted.has(id) && steps.at(-1) === 'shown'))
      return end && events.filter((event) => !isAbout(event, end.id, end.agent) || event === end)
    },
  },
  'a message that is shown again after its acknowledgement': {
    breaks: ['duplicate'],
    plant: (events, pick) => {
      const acknowledged = pick(all(events, 'acknowledged'))
      const shown = acknowledged && all(events, 'shown').find(({ id, agent }) => isAbout(acknowledged, id, agent))
      return shown && replace(events, acknowledged, acknowledged, { ...shown })
    },
  },
  'a message that is shown twice though nobody was killed': {
    breaks: ['duplicate'],
    plant: (events, pick) => {
      const shown = pick(all(events, 'shown'))
      return shown && replace(events, shown, shown, { ...shown })
    },
  },
  'a message that is stored twice': {
    breaks: ['duplicate'],
    plant: (events, pick) => {
      const shown = pick(all(events, 'shown'))
      return shown && [...events, { ...shown, id: 'epoch-999999', seq: 999_999 }]
    },
  },
  'a message that overtakes another one': {
    breaks: ['reordering'],
    plant: (events, pick) => {
      const places = shownOnce(events).flatMap((late) => {
        const to = events.indexOf(late)
        const sent = events.findIndex((event) => event.kind === 'sending' && event.attempt === late.attempt)
        const before = events.slice(sent + 1, to)
        const killed = before.findLastIndex((event) => event.kind === 'started' && event.agent === late.agent)
        const overtaken = before
          .slice(killed + 1)
          .filter((event) => event.kind === 'shown' && event.agent === late.agent && shownOnce(events).includes(event))
        return overtaken.map((early) => ({ early, late }))
      })
      const place = pick(places)
      if (!place) return undefined
      const without = events.filter((event) => event !== place.late)
      return replace(without, place.early, place.late, place.early)
    },
  },
  'a receipt that comes before its showing': {
    breaks: ['false receipt'],
    plant: (events, pick) => {
      const shown = pick(shownOnce(events))
      if (!shown) return undefined
      const { id, agent } = shown
      // Behind what came before it, so that nothing goes back.
      const rest = events.filter((event) => !(event.kind === 'receipt' && isAbout(event, id, agent)))
      return replace(rest, shown, { kind: 'receipt', id, agent, state: 'shown' }, shown)
    },
  },
  'an answer that nobody gave': {
    breaks: ['false receipt'],
    plant: (events, pick) => {
      const answers = all(events, 'sending').map(({ replyTo, sender }) => `${replyTo} ${sender}`)
      const end = pick(all(events, 'end').filter(({ id, agent }) => !answers.includes(`${id} ${agent}`)))
      return end && replace(events, end, { ...end, steps: [...end.steps, 'answered'] })
    },
  },
  'a receipt that forgets a confirmed showing': {
    breaks: ['false receipt'],
    plant: (events, pick) => {
      const end = pick(all(events, 'end').filter(({ steps }) => steps.at(-1) === 'shown'))
      if (!end) return undefined
      const unheard = events.filter((event) => !(event.kind === 'receipt' && isAbout(event, end.id, end.agent)))
      return replace(unheard, end, { ...end, steps: ['queued'] })
    },
  },
  'a receipt that goes back': {
    breaks: ['receipt went back'],
    plant: (events, pick) => {
      const receipt = pick(all(events, 'receipt').filter(({ state }) => state !== 'offered'))
      return receipt && replace(events, receipt, receipt, { ...receipt, state: 'queued' })
    },
  },
  'an end after which a receipt goes on': {
    breaks: ['receipt went back'],
    plant: (events, pick) => {
      const end = pick(all(events, 'end').filter(({ steps }) => steps.at(-1) === 'shown'))
      return end && replace(events, end, { ...end, steps: ['queued', 'expired', 'shown'] })
    },
  },
  'an accepted message whose end nobody knows': {
    breaks: ['unknown end'],
    plant: (events, pick) => {
      const accepted = pick(all(events, 'accepted'))
      const end = accepted && all(events, 'end').find(({ id }) => id === accepted.id)
      return end && events.filter((event) => event !== end)
    },
  },
  'a message that nobody sent': {
    breaks: ['never sent'],
    plant: (events, pick) => {
      const shown = pick(all(events, 'shown'))
      return shown && [...events, { ...shown, id: 'epoch-999999', seq: highestSeq(events) + 1, attempt: 'of nobody' }]
    },
  },
  'a message that is shown before it is sent': {
    breaks: ['never sent'],
    plant: (events, pick) => {
      // It is shown in time as well: what is planted is a ghost of it.
      const shown = pick(all(events, 'shown'))
      return shown && [{ ...shown }, ...events]
    },
  },
  'a refused message that arrives': {
    breaks: ['refused, yet shown'],
    plant: (events, pick) => {
      const refused = pick(all(events, 'refused'))
      const sending = refused && all(events, 'sending').find(({ attempt }) => attempt === refused.attempt)
      if (!sending) return undefined
      const { attempt, sender: from, digest } = sending
      const agent = sending.recipients[0]!
      return [
        ...events,
        { kind: 'shown', agent, id: 'epoch-999999', seq: highestSeq(events) + 1, attempt, from, digest },
      ]
    },
  },
  'a forged sender': {
    breaks: ['wrong sender'],
    plant: (events, pick) => {
      const shown = pick(shownOnce(events))
      return shown && replace(events, shown, { ...shown, from: 'mallory' })
    },
  },
  'a message for somebody else': {
    breaks: ['wrong recipient'],
    plant: (events, pick) => {
      const shown = pick(all(events, 'shown'))
      return shown && [...events, { ...shown, agent: 'mallory' }]
    },
  },
  'a body that was changed': {
    breaks: ['altered'],
    plant: (events, pick) => {
      const shown = pick(shownOnce(events))
      return shown && replace(events, shown, { ...shown, digest: 'of something else' })
    },
  },
}
