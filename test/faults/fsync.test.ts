import { describe, expect, test, type TestContext } from 'vitest'
import { startHubChild } from '../support/hub-child.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { enter, say } from '../support/wire.ts'
import { findUnsynced, readTrace, type Sent } from './durability.ts'
import { fast, needsStrace, underStrace } from './strace.ts'
import { long, longFactor } from './setting.ts'

const sends = long ? 2_000 : 150

const traced = [fast, '-y', '-s', '4200', '-e', 'trace=write,writev,sendto,sendmsg,pwrite64,fsync,fdatasync']

/** Sends one after the other, and as many again at once; answers what strace saw of it. */
async function sendUnderStrace(node: readonly string[] = []) {
  const { home, env } = homeWithHub({ BELLHOP_MAILBOX_DEPTH: '100000', BELLHOP_SWEEP_SECONDS: '3600' })
  const hub = await startHubChild(env, underStrace(traced, node))
  const where = { url: hub.url, home: { folder: home } }
  const { peer: rose } = await enter(where, 'rose')
  const { peer: claude } = await enter(where, 'claude', { window: 64 })
  const send = async (marker: string): Promise<Sent> => ({ marker, id: (await say(rose, 'claude', marker)).id })
  const oneByOne: Sent[] = []
  for (let n = 0; n < sends; n += 1) oneByOne.push(await send(`[one ${n}]`))
  const together = await Promise.all(Array.from({ length: sends }, (_, n) => send(`[many ${n}]`)))
  await claude.settle()
  await hub.end('SIGKILL')
  return { calls: readTrace(await hub.report), oneByOne, together }
}

describe('a message is on the disk before anybody is told of it [D-1]', () => {
  test(
    'as strace sees it',
    async (context: TestContext) => {
      needsStrace(context)
      const { calls, oneByOne, together } = await sendUnderStrace()
      expect(findUnsynced(calls, oneByOne, true)).toEqual([])
      expect(findUnsynced(calls, together, false)).toEqual([])
      const syncs = calls.filter(({ name, text }) => name.endsWith('sync') && text.includes('-wal>')).length
      process.stdout.write(
        `fsync: ${sends} sends one by one and ${sends} at once, ${syncs} syncs of the log, ` +
          `each message synced before its first frame\n`,
      )
      // Those that came at once shared commits, and the others could not.
      expect(syncs).toBeGreaterThanOrEqual(sends)
      expect(syncs).toBeLessThan(2 * sends)
    },
    120_000 * longFactor,
  )

  test(
    'and a hub that does not wait for the disk is found out',
    async (context: TestContext) => {
      needsStrace(context)
      const { calls, oneByOne } = await sendUnderStrace(['--import', `${import.meta.dirname}/without-sync.ts`])
      const found = findUnsynced(calls, oneByOne, true)
      expect(found.length).toBeGreaterThan(sends / 2)
      expect(found[0]).toMatch(/was told before the log was synced$/)
    },
    120_000 * longFactor,
  )
})

describe('the search of a trace', () => {
  const write = '7 pwrite64(28</h/b.db-wal>, "..[a]..", 4096, 56) = 4096'
  const commit = '7 pwrite64(28</h/b.db-wal>, "....", 4096, 4176) = 4096'
  const sync = '7 fsync(28</h/b.db-wal>) = 0'
  const answer = String.raw`9 writev(31<socket:[5]>, [{iov_base="{\"id\":\"e-1\"}", iov_len=12}], 1) = 12`
  const begun = '7 fsync(28</h/b.db-wal> <unfinished ...>'
  const done = '7 <... fsync resumed>) = 0'
  const failed = '7 fsync(28</h/b.db-wal>) = -1 EIO (Input/output error) (INJECTED)'
  const other = '7 fsync(27</h/b.db>) = 0'
  const found = (...lines: string[]): string[] =>
    findUnsynced(readTrace(lines.join('\n')), [{ marker: '[a]', id: 'e-1' }], true)

  test('is content with a sync that ended in time, and with nothing else', () => {
    expect(found(write, commit, sync, answer)).toEqual([])
    expect(found(write, commit, begun, done, answer)).toEqual([])
    const late = ['[a]: e-1 was told before the log was synced']
    expect(found(write, commit, answer, sync)).toEqual(late)
    expect(found(write, commit, begun, answer, done)).toEqual(late)
    expect(found(write, commit, failed, answer)).toEqual(late)
    expect(found(write, commit, other, answer)).toEqual(late)
    expect(found(write, sync, commit, answer)).toEqual(late)
    expect(found(sync, answer)).toEqual(['[a]: its write is not in the trace'])
    expect(found(write, commit, sync)).toEqual(['[a]: its answer is not in the trace'])
  })
})
