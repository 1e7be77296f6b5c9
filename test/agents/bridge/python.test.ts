import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeEach, expect, test, type TestContext } from 'vitest'
import { skipWithout } from '../../support/skipping.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import type { OldAnswer } from './old-client.ts'
import { startRig, type Rig } from './rig.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('old_client.py', import.meta.url))

beforeEach(requirePython)

function requirePython(context: Pick<TestContext, 'skip'>): void {
  if (spawnSync('python3', ['--version']).error) skipWithout('python3 is not on the PATH', context)
}

/** An old client with a session file of its own. */
function pythonClient(rig: Rig): (...args: string[]) => Promise<OldAnswer> {
  const session = join(temporaryFolder(), 'ipc-session')
  return async (...args) => {
    const { stdout } = await run('python3', [script, String(rig.bridge.port), session, ...args], {
      env: { PATH: process.env['PATH'], IPC_SHARED_SECRET: rig.secret },
    })
    return JSON.parse(stdout) as OldAnswer
  }
}

test('old clients in Python register, send, check, list and rename', async () => {
  const rig = await startRig()
  const rose = pythonClient(rig)
  expect(await rose('register', 'rose')).toMatchObject({ message: 'Registered rose' })
  expect(await rose('send', 'barney', 'Grüße 😀')).toMatchObject({
    message: 'Message queued for barney (not yet registered)',
  })
  const barney = pythonClient(rig)
  expect(await barney('register', 'barney')).toMatchObject({ message: 'Registered barney with 1 queued messages' })
  expect((await barney('check')).messages).toMatchObject([
    { from: 'rose', to: 'barney', message: { content: 'Grüße 😀' } },
  ])
  expect((await barney('check')).messages).toEqual([])
  expect(await barney('rename', 'barney-2')).toMatchObject({ message: 'Renamed barney to barney-2' })
  expect(await rose('send', 'barney', 'hello?')).toMatchObject({
    message: 'Message forwarded from barney to barney-2',
  })
  expect((await rose('list')).instances?.map(({ id }) => id)).toEqual(['barney-2', 'rose'])
})

test('answers of nearly 65,536 bytes come whole in one read, time after time', async () => {
  const rig = await startRig()
  const [fred, barney] = [await rig.fresh('fred'), pythonClient(rig)]
  await barney('register', 'barney')
  const bodies = Array.from({ length: 140 }, (_, index) => `${index}: ${'x'.repeat(5_000)}`)
  await Promise.all(bodies.map((content) => fred.client.send({ to: 'barney', content })))
  const shown: string[] = []
  for (let round = 0; round < 12; round += 1) {
    const { messages } = await barney('check')
    shown.push(...(messages ?? []).map(({ message }) => message.content))
  }
  expect(shown).toEqual(bodies)
})
