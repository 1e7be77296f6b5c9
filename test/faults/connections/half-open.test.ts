import { expect, onTestFinished, test } from 'vitest'
import { createClient, type Client } from '../../../agents/client/index.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { startTestHub } from '../../support/hub.ts'
import { secretOf } from '../../support/wire.ts'
import { startDeafProxy, type Deafness } from './deaf-proxy.ts'

/** Messages that are sent into the silence. */
const count = 50

interface Participant {
  readonly client: Client
  /** What it was shown, in its order. */
  readonly shown: string[]
  /** Resolves when it was shown so many in all, and the hub knows. */
  untilShown(count: number): Promise<void>
}

async function enter(name: string, address: string, secret: string): Promise<Participant> {
  const client = createClient({
    client: { name: 'faults' },
    address,
    home: temporaryFolder(),
    secret: () => secret,
    presence: true,
  })
  onTestFinished(() => client.close())
  const shown: string[] = []
  const confirmed: Promise<void>[] = []
  client.on('message', ({ id, content }) => {
    shown.push(content)
    confirmed.push(client.ack([id], 'shown', 'fetch'))
  })
  client.start()
  await client.register({ name })
  return {
    client,
    shown,
    async untilShown(wanted) {
      while (shown.length < wanted) await new Promise<void>((resolve) => client.on('message', () => resolve()))
      await Promise.all(confirmed)
    },
  }
}

function untilGone({ client }: Participant, agent: string): Promise<void> {
  return new Promise((resolve) => {
    client.on('presence', ({ name, online }) => {
      if (name === agent && !online) resolve()
    })
  })
}

test.each<Deafness>(['both ways', 'towards the client'])(
  'a connection that goes half-open (%s) is noticed by both sides, and what was sent meanwhile arrives once',
  async (deafness) => {
    const hub = await startTestHub({ pingEvery: 300, pongWithin: 300 })
    const proxy = await startDeafProxy(hub.url)
    const secret = secretOf(hub.home.folder)
    const claude = await enter('claude', hub.url, secret)
    const rose = await enter('rose', proxy.url, secret)
    await claude.client.send({ to: 'rose', content: 'before' })
    await rose.untilShown(1)

    const gone = untilGone(claude, 'rose')
    const states: string[] = []
    rose.client.on('state', ({ kind }) => states.push(kind))
    const back = new Promise<void>((resolve) => rose.client.on('attached', () => resolve()))
    proxy.goDeaf(deafness)
    // Into the silence: from the one whom nothing reaches, and to it.
    const numbers = Array.from({ length: count }, (_, number) => number)
    const calling = numbers.map((number) =>
      rose.client.send({ to: 'claude', content: `from rose ${number}` }, { timeoutMs: 60_000 }),
    )
    for (const number of numbers) await claude.client.send({ to: 'rose', content: `to rose ${number}` })
    await gone
    const begun = performance.now()
    await back
    const noticedAfter = performance.now() - begun
    const answers = await Promise.all(calling)
    await rose.untilShown(1 + count)
    await claude.untilShown(count)

    expect(states).toEqual(expect.arrayContaining(['waiting', 'registered']))
    expect(rose.shown).toEqual(['before', ...numbers.map((number) => `to rose ${number}`)])
    expect(claude.shown).toEqual(numbers.map((number) => `from rose ${number}`))
    // Where only answers were swallowed, the hub had stored everything: repeating it changed nothing [D-4].
    const repeated = answers.filter(({ duplicate }) => duplicate).length
    expect(repeated).toBe(deafness === 'both ways' ? 0 : count)
    const { receipts } = await rose.client.request('receipts', {})
    expect(receipts.map(({ recipients }) => recipients[0]?.state)).toEqual(numbers.map(() => 'shown'))
    process.stdout.write(
      `half-open ${deafness}: ${2 * count} messages sent into it, 0 lost, 0 twice, ${repeated} repeated without effect; ` +
        `client back ${noticedAfter.toFixed(0)} ms after the hub had given it up\n`,
    )
  },
  60_000,
)
