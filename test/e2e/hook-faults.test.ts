import { existsSync } from 'node:fs'
import process from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { listShims } from '../../agents/local/places.ts'
import { startClient } from '../support/clients.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { hookText, startHook } from '../support/hooks.ts'
import { hubProcess } from '../support/processes.ts'
import { shownIn, startAssistant, untilUnread } from '../support/shims.ts'
import { temporaryFolder } from '../support/teardown.ts'

/** Milliseconds within which a hook ends whatever happens: its own deadline, and the start of a process on a busy machine. */
const inTime = 4_000
const toolEnd = { hook_event_name: 'PostToolUse' }

/** Runs a hook, and holds it to the rule: code 0, nothing on stderr, in time. */
async function run(env: Record<string, string>, payload: object = toolEnd): Promise<string> {
  const startedAt = performance.now()
  const { code, stdout, stderr } = await startHook(['claude-code'], payload, env).end
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(performance.now() - startedAt).toBeLessThan(inTime)
  return stdout
}

/** Stops a process for the rest of the test. */
function freeze(pid: number): () => void {
  const thaw = (): void => void process.kill(pid, 'SIGCONT')
  process.kill(pid, 'SIGSTOP')
  onTestFinished(() => {
    try {
      thaw()
    } catch {
      // It has ended meanwhile.
    }
  })
  return thaw
}

test('no hub, no shim, no home: silence', async () => {
  const home = temporaryFolder()
  expect(await run({ BELLHOP_HOME: home })).toBe('')
  expect(await run({ BELLHOP_HOME: `${home}/nowhere` })).toBe('')
  expect(hubProcess(home)).toBeUndefined()
})

test('a shim that cannot reach a hub, or has the wrong secret: silence', async () => {
  const { env } = homeWithHub({ BELLHOP_SECRET: 'the right secret, long' })
  await startClient(env, 'rose')
  const alone = { ...env, BELLHOP_HOME: temporaryFolder(), BELLHOP_URL: 'ws://127.0.0.1:9' }
  await startAssistant(alone, undefined, 'claude-code')
  expect(await run(alone)).toBe('')
  const hub = `unix:${env['BELLHOP_HOME']}/hub.sock`
  const locked = { ...env, BELLHOP_HOME: temporaryFolder(), BELLHOP_URL: hub, BELLHOP_SECRET: 'the wrong secret, long' }
  await startAssistant(locked, undefined, 'claude-code')
  expect(await run(locked)).toBe('')
})

test('a hub that hangs: what had arrived is shown, once, and the hub hears of it when it goes on', async () => {
  const { home, env } = homeWithHub()
  const rose = await startClient(env, 'rose')
  const claude = await startAssistant(env, 'claude', 'claude-code')
  const { id } = await rose.client.send({ to: 'claude', content: 'Arrived before.' })
  await untilUnread(claude)
  const thaw = freeze(hubProcess(home)!)
  expect(await run(env)).toContain('Arrived before.')
  expect(await run(env)).toBe('')
  const shown = new Promise((resolve) => {
    rose.client.on('receipt', (receipt) => receipt.state === 'shown' && resolve(receipt))
  })
  thaw()
  expect(await shown).toMatchObject({ id, name: 'claude', route: 'hook' })
})

test('a shim that hangs, or was killed: the hook gives up, and the mail is shown later', async () => {
  const { home, env } = homeWithHub()
  const rose = await startClient(env, 'rose')
  const claude = await startAssistant(env, 'claude', 'claude-code')
  await rose.client.send({ to: 'claude', content: 'Not lost.' })
  await untilUnread(claude)
  const thaw = freeze(claude.transport.pid!)
  expect(await run(env)).toBe('')
  thaw()
  expect(await untilText(env)).toContain('Not lost.')

  await rose.client.send({ to: 'claude', content: 'Not lost either.' })
  await untilUnread(claude)
  process.kill(claude.transport.pid!, 'SIGKILL')
  expect(await run(env)).toBe('')
  const [stale] = listShims(home)
  const second = await startAssistant(env, undefined, 'claude-code')
  const answer = await second.call('register', { name: 'claude', takeOver: true })
  expect(shownIn(answer)).toHaveLength(1)
  // The socket that the first one left behind is gone.
  expect(existsSync(stale!.path)).toBe(false)
})

test('a payload that is huge, or no JSON: silence, or the mail', async () => {
  const { env } = homeWithHub()
  const rose = await startClient(env, 'rose')
  const claude = await startAssistant(env, 'claude', 'claude-code')
  await rose.client.send({ to: 'claude', content: 'Beside a big result.' })
  await untilUnread(claude)
  const broken = startHook(['claude-code'], { toJSON: () => undefined, hook_event_name: 1 }, env)
  expect(await broken.end).toMatchObject({ code: 0, stdout: '' })
  expect(await run(env, { ...toolEnd, tool_response: 'x'.repeat(8 * 1024 * 1024) })).toContain('Beside a big result.')
})

test('a backlog of a thousand: the hook ends in time, with the beginning of it', async () => {
  const { env } = homeWithHub()
  const rose = await startClient(env, 'rose')
  await Promise.all(
    Array.from({ length: 1_000 }, (_, index) => rose.client.send({ to: 'claude', content: `number ${index}` })),
  )
  const claude = await startAssistant(env, undefined, 'claude-code')
  const first = shownIn(await claude.call('register', { name: 'claude' })).length
  await untilUnread(claude)
  const text = JSON.stringify(await run(env))
  expect(text).toContain(`number ${first}`)
  expect(text).toContain('did not fit and stay unread')
})

test('a hook that is not set up rightly says so to a person, and ends with code 0', async () => {
  const { code, stdout, stderr } = await startHook(['nobody'], toolEnd, { BELLHOP_HOME: temporaryFolder() }).end
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  expect(stderr).toContain('bellhop install ASSISTANT --hooks')
})

async function untilText(env: Record<string, string>): Promise<string> {
  for (;;) {
    const text = await hookText('PostToolUse', env)
    if (text !== undefined) return text
  }
}
