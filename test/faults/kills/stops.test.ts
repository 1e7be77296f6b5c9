import { expect, onTestFinished, test } from 'vitest'
import { createClient, type Client } from '../../../agents/client/index.ts'
import { Correspondence } from '../correspondence/correspondence.ts'
import { describeVerdict } from '../history/check.ts'
import { instant } from '../history/history.ts'
import { medianAndWorst } from '../median.ts'
import { isProgress } from '../progress.ts'
import { chooseSeed, seededRandom } from '../random.ts'
import { longFactor } from '../setting.ts'
import { hubProcess } from '../../support/processes.ts'

/** Stops of agents and of the hub, in turn. */
const stops = 8 * longFactor
/** Messages accepted or shown between two stops, at most. */
const longestPause = 60
/** Milliseconds without an answer after which the hub was certainly stopped. */
const shortMs = 200

/** Somebody who looks on, and is told who is online. */
async function startObserver({ env }: Correspondence): Promise<Client> {
  const client = createClient({ client: { name: 'observer' }, environment: env, window: 0, presence: true })
  onTestFinished(() => client.close())
  client.start()
  await client.register({ name: 'observer' })
  return client
}

/** Resolves when the hub takes this agent for gone, or has it back. */
function untilPresence(client: Client, agent: string, online: boolean): Promise<void> {
  return new Promise((resolve) => {
    client.on('presence', function look(presence) {
      if (presence.name !== agent || presence.online !== online) return
      client.off('presence', look)
      resolve()
    })
  })
}

/** Resolves when the client is in this state, or has left it. */
function untilState(client: Client, kind: Client['state']['kind'], is: boolean): Promise<void> {
  return new Promise((resolve) => {
    client.on('state', function look(state) {
      if ((state.kind === kind) !== is) return
      client.off('state', look)
      resolve()
    })
  })
}

async function stopAgent(correspondence: Correspondence, observer: Client, agent: string): Promise<number> {
  const process = correspondence.process(agent)
  const gone = untilPresence(observer, agent, false)
  process.signal('SIGSTOP')
  await gone
  const back = untilPresence(observer, agent, true)
  const continuedAt = instant()
  process.signal('SIGCONT')
  await back
  return instant() - continuedAt
}

/** Stops the hub until it has owed an answer for a moment, or until a client has given it up. */
async function stopHub(correspondence: Correspondence, observer: Client, length: 'short' | 'long'): Promise<number> {
  const hub = hubProcess(correspondence.home)!
  const givenUp = length === 'long' ? untilState(observer, 'registered', false) : undefined
  process.kill(hub, 'SIGSTOP')
  try {
    if (givenUp) await givenUp
    else await expect(observer.request('status', {}, { timeoutMs: shortMs })).rejects.toThrow('has not answered')
  } finally {
    process.kill(hub, 'SIGCONT')
  }
  const continuedAt = instant()
  await correspondence.unlessFailed(correspondence.history.next(correspondence.writers.length + 1, isProgress))
  if (observer.state.kind !== 'registered') await untilState(observer, 'registered', true)
  return instant() - continuedAt
}

test(
  'hub, writers and readers are stopped and go on: nothing is lost, and everybody comes back',
  async () => {
    const seed = chooseSeed()
    const random = seededRandom(seed)
    const correspondence = new Correspondence({ BELLHOP_PING_SECONDS: '0.5', BELLHOP_PONG_SECONDS: '0.5' })
    await correspondence.begin()
    const observer = await startObserver(correspondence)
    const [agentsBack, hubBack]: [number[], number[]] = [[], []]
    for (let stop = 0; stop < stops; stop += 1) {
      const pause = 1 + Math.floor(random() * longestPause)
      await correspondence.unlessFailed(correspondence.history.next(pause, isProgress))
      if (stop % 4 === 3) {
        hubBack.push(await stopHub(correspondence, observer, stop === 3 ? 'long' : 'short'))
      } else {
        const agent = correspondence.agents[Math.floor(random() * correspondence.agents.length)]!
        agentsBack.push(await stopAgent(correspondence, observer, agent))
      }
    }
    await correspondence.pause()
    const verdict = await correspondence.judge()
    process.stdout.write(
      `stops: seed ${seed}, ${stops} stops; ${describeVerdict(verdict)}; agents back after ${medianAndWorst(agentsBack)}, ` +
        `mail moves after the hub's stop within ${medianAndWorst(hubBack)}\n`,
    )
    expect(verdict.violations).toEqual([])
    // Nobody was killed: nothing may be shown again.
    expect(verdict.counts).toMatchObject({ shownAgain: 0 })
  },
  240_000 * longFactor,
)
