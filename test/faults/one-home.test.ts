import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { hubScript } from '../support/assistant.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { hubProcess } from '../support/processes.ts'
import { enter, say } from '../support/wire.ts'
import { long, longFactor } from './setting.ts'

const rounds = long ? 50 : 6
const atOnce = 4

/** A hub that was started with others: it serves, or it ends and says why. */
interface Rival {
  readonly pid: number
  readonly outcome: Promise<{ readonly serves: string } | { readonly code: number | null; readonly said: string }>
  kill(): Promise<void>
}

function startRival(env: Record<string, string>): Rival {
  const child = spawn(process.execPath, [hubScript], {
    env: { PATH: process.env['PATH'], BELLHOP_LOG: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(child, 'exit')
  const said = text(child.stderr)
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exit
  }
  onTestFinished(kill)
  const serves = new Promise<{ serves: string }>((resolve) => {
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const url = /listening\s+(ws:\S+)/.exec(output)?.[1]
      if (url !== undefined) resolve({ serves: url })
    })
  })
  const ended = exit.then(async ([code]) => ({ code: code as number | null, said: await said }))
  return { pid: child.pid!, outcome: Promise.race([serves, ended]), kill }
}

test(
  `${atOnce} hubs are started on one home at once, ${rounds} times, and the one that serves is killed each time`,
  async () => {
    const { home, env } = homeWithHub({ BELLHOP_MAILBOX_DEPTH: '100000' })
    let key: string | undefined
    const stored: string[] = []
    for (let round = 0; round < rounds; round += 1) {
      const rivals = Array.from({ length: atOnce }, () => startRival(env))
      const outcomes = await Promise.all(rivals.map(({ outcome }) => outcome))
      const serving = outcomes.flatMap((outcome, index) =>
        'serves' in outcome ? [{ ...outcome, rival: rivals[index]! }] : [],
      )
      expect(serving).toHaveLength(1)
      for (const outcome of outcomes) {
        if ('serves' in outcome) continue
        expect(outcome.code).toBe(3)
        expect(outcome.said).toMatch(/^A hub is running on this home already\./)
      }
      const [{ serves: url, rival }] = serving as [(typeof serving)[0]]
      expect(hubProcess(home)).toBe(rival.pid)

      // It has what the ones before it had acknowledged, and is killed while it works.
      const where = { url, home: { folder: home } }
      const rose = await enter(where, 'rose', key === undefined ? {} : { key })
      key = rose.key
      const ids: string[] = []
      let after = 0
      for (let more = true; more;) {
        const page = await rose.peer.request('fetch', { after, limit: 100 })
        ids.push(...page.messages.map(({ id }) => id))
        after = page.messages.at(-1)?.seq ?? after
        more = page.more
      }
      expect(ids.filter((id) => stored.includes(id))).toEqual(stored)
      const { peer: sender } = await enter(where, `sender-${round}`)
      for (let n = 0; n < 5; n += 1) stored.push((await say(sender, 'rose', `round ${round}, ${n}`)).id)
      const underWay = Array.from({ length: 20 }, (_, n) =>
        say(sender, 'rose', `under way ${n}`).catch(() => undefined),
      )
      await Promise.race(underWay)
      await rival.kill()
    }
    process.stdout.write(
      `one home: ${rounds} times ${atOnce} hubs at once: one served each time, ${rounds * (atOnce - 1)} ended with 3; ` +
        `${stored.length} acknowledged before the kills, 0 lost\n`,
    )
  },
  240_000 * longFactor,
)
