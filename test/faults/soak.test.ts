import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { hubFlags } from '../../agents/client/node/autostart.ts'
import type { Message } from '../../protocol/index.ts'
import { delay, until } from '../bench/jobs/waiting.ts'
import { startHubChild } from '../support/hub-child.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { skipWhere } from '../support/skipping.ts'
import { secretOf } from '../support/wire.ts'
import { long } from './setting.ts'
import { readLetter, writeLetter } from './soak/letter.ts'
import { Member, type Place, type Tally } from './soak/member.ts'
import { watchMemory } from './soak/memory.ts'
import { get, resourcesOf, type Resources } from './soak/resources.ts'
import { Traffic } from './soak/traffic.ts'
import { Visitors } from './soak/visitors.ts'

/** How long it goes on at half the top rate. */
const seconds = Number(process.env['SOAK_SECONDS'] ?? (long ? 600 : 10))
/** Milliseconds at the top rate before it is measured, and while it is. */
const topWarmUpMs = long ? 5_000 : 1_000
const topMs = long ? 5_000 : 2_000
/** Milliseconds between two turns of comings and goings. */
const turnMs = 1_000
/** Memory is looked at once a second, and more often where there are few of them. */
const lookEveryMs = Math.min(1_000, seconds * 20)
/** Milliseconds for what is under way at the end. */
const settleMs = 120_000
/**
 * How many times the last fifth may have what the second has. A heap grows until it is collected, by a quarter of the
 * hub's memory and once in a minute or two; and at first SQLite fills its cache. Where a fifth is shorter than that,
 * only a bad leak can be told.
 */
const growthMax = seconds >= 300 ? 1.15 : 1.5

/** Milliseconds in which the hub must have let go of what left, and between two looks at that. */
const releaseMs = 15_000
const lookAgainMs = 100
const topic = '#soak'

interface Company {
  readonly writers: readonly Member[]
  readonly readers: readonly Member[]
  readonly lagging: Member
  readonly members: readonly Member[]
}

/** Who stays from beginning to end. */
async function gather(place: Place, large: (member: Member, message: Message) => void): Promise<Company> {
  const habits = { window: 1_024, lagMs: 0, large }
  const named = (what: string): Member[] =>
    Array.from({ length: 4 }, (_, index) => new Member(place, `${what}-${index}`, { ...habits, presence: index === 0 }))
  const [writers, readers] = [named('writer'), named('reader')]
  const lagging = new Member(place, 'lagging', { ...habits, lagMs: 1_000 })
  const members = readers.slice(1)
  for (const member of [...writers, ...readers, lagging]) await member.register()
  for (const { line } of members) await line.request('join', { topic })
  return { writers, readers, lagging, members }
}

/** Fetches the bodies of large messages, and counts those that are not what was sent. */
class Bodies {
  fetched = 0
  readonly #url: URL
  readonly #wrong: string[]

  constructor(url: string, wrong: string[]) {
    this.#url = new URL(url)
    this.#wrong = wrong
  }

  async fetch({ token }: Member, { id, content, blob }: Message): Promise<void> {
    const { hostname, port } = this.#url
    const headers = { authorization: `Bearer ${token}` }
    try {
      const body = await get({ hostname, port, path: `/blobs/${blob!.handle}`, headers })
      this.fetched += 1
      if (body.toString() !== writeLetter(readLetter(content), blob!.size)) this.#wrong.push(`${id} has another body`)
    } catch (error) {
      this.#wrong.push(`the body of ${id} did not come: ${String(error)}`)
    }
  }
}

/** Something with visitors who come and go for so long, and have all had their mail and left when it is over. */
async function withVisitors<T>(
  visitors: Visitors,
  ms: number,
  wrong: string[],
  act: (visitors: Visitors) => Promise<T>,
): Promise<T> {
  await visitors.arrive()
  const end = performance.now() + ms
  const comeAndGo = async (): Promise<void> => {
    while (performance.now() < end && wrong.length === 0) await Promise.all([visitors.turn(), delay(turnMs)])
  }
  const [result] = await Promise.all([act(visitors), comeAndGo()])
  expect(wrong).toEqual([])
  await visitors.retireAll()
  return result
}

/** What the hub holds open when two looks agree: what has just left is not gone yet. */
async function steady(look: () => Promise<Resources>): Promise<Resources> {
  // The first look loads what the others need.
  await look()
  let last = await look()
  for (;;) {
    await delay(lookAgainMs)
    const now = await look()
    if (isDeepStrictEqual(now, last)) return now
    last = now
  }
}

/** What the hub holds open as soon as it is what it was, or at the end of the time in which it had to be. */
async function backTo(before: Resources, look: () => Promise<Resources>): Promise<Resources> {
  const end = performance.now() + releaseMs
  for (;;) {
    const now = await look()
    if (isDeepStrictEqual(now, before) || performance.now() > end) return now
    await delay(lookAgainMs)
  }
}

test(
  `the hub's memory stays flat over ${seconds} s at half its top rate, with clients coming and going`,
  async (context: TestContext) => {
    if (process.platform !== 'linux') skipWhere('resident memory is read from /proc', context)
    const { home, env } = homeWithHub({
      BELLHOP_SENDS_PER_MINUTE: '100000000',
      BELLHOP_REGISTRATIONS_PER_MINUTE: '100000000',
      BELLHOP_MAILBOX_DEPTH: '100000',
    })
    const hub = await startHubChild(env, { node: hubFlags })
    const tally: Tally = { connections: 0, received: 0, repeated: 0, shown: 0, wrong: [] }
    const { wrong } = tally
    const place: Place = { url: hub.url, secret: secretOf(home), tally }
    const bodies = new Bodies(hub.url, wrong)
    const company = await gather(place, (member, message) => void bodies.fetch(member, message))
    const everybody = [...company.writers, ...company.readers, company.lagging]
    onTestFinished(() => {
      for (const { line } of everybody) void line.terminate()
    })
    const traffic = new Traffic({ ...company, topic, tally })
    const perform = (guests: string, perSecond: number, ms: number): Promise<number> =>
      withVisitors(new Visitors(place, guests), ms, wrong, (visitors) => traffic.run(perSecond, ms, visitors))
    const settle = (): Promise<void> =>
      until(
        () => wrong.length > 0 || (traffic.settled && bodies.fetched === traffic.large),
        settleMs,
        () => `${tally.received} of ${traffic.due} came, and ${tally.shown} of ${traffic.direct} receipts`,
      )
    const look = (): Promise<Resources> => resourcesOf(hub.pid, join(home, 'hub.sock'))

    await perform('early', Infinity, topWarmUpMs)
    const top = await perform('busy', Infinity, topMs)
    await settle()
    const before = await steady(look)
    const memory = watchMemory(hub.pid, lookEveryMs)
    const rate = await perform('visitor', top / 2, seconds * 1_000)
    const course = memory()
    await settle()
    process.stdout.write(
      `soak: ${seconds} s at ${Math.round(rate)} messages a second, top ${Math.round(top)}; ` +
        `${traffic.answered} messages, ${traffic.large} of them large, ${tally.repeated} pushed again; ${tally.connections} connections; ` +
        `memory of each fifth ${course.fifths.map((fifth) => fifth.toFixed(0)).join(', ')} MiB, peak ${course.peak.toFixed(0)}, ` +
        `last over second ${course.ratio.toFixed(3)}, ${course.slope.toFixed(2)} MiB a minute\n`,
    )
    expect(wrong).toEqual([])
    for (const { line } of company.readers) expect((await line.request('status', {})).agent?.waiting).toBe(0)
    expect(await backTo(before, look)).toEqual(before)
    expect(course.ratio).toBeLessThanOrEqual(growthMax)
    await hub.end('SIGTERM')
    expect(hub.child.exitCode).toBe(0)
  },
  seconds * 1_000 + topWarmUpMs + topMs + 2 * settleMs,
)
