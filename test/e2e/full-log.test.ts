import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { hubScript } from '../support/assistant.ts'
import { startClient } from '../support/clients.ts'
import { bareEnvironment } from '../support/environment.ts'
import { homeWithHub } from '../support/hub-process.ts'

test.skipIf(process.platform !== 'linux')('a log that takes no more does not stop the hub, nor its end', async () => {
  const { env } = homeWithHub()
  // The device that answers every write as a full disk does.
  const full = openSync('/dev/full', 'w')
  const hub = spawn(process.execPath, [hubScript], {
    env: { ...bareEnvironment, ...env, BELLHOP_LOG: 'debug' },
    stdio: ['ignore', 'pipe', full],
  })
  closeSync(full)
  const exit = once(hub, 'exit')
  onTestFinished(() => void hub.kill('SIGKILL'))
  await once(hub.stdout!, 'data')
  const rose = await startClient(env, 'rose')
  const claude = await startClient(env, 'claude')
  await claude.client.send({ to: 'rose', content: 'hello' })
  await rose.untilMessages(1)
  expect(rose.messages).toMatchObject([{ content: 'hello' }])
  await rose.client.close()
  await claude.client.close()
  hub.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
})
