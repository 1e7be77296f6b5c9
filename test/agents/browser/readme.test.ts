import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { startClient } from '../../support/clients.ts'
import { startTestHub } from '../../support/hub.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { secretOf } from '../../support/wire.ts'

const root = join(import.meta.dirname, '../../..')

test('the program in the README runs as it is, and prints a message', async () => {
  const readme = readFileSync(join(root, 'agents/browser/README.md'), 'utf8')
  const [, program = ''] = /^```ts portable\n([^]*?)^```$/m.exec(readme) ?? []
  const folder = temporaryFolder()
  symlinkSync(join(root, 'agents'), join(folder, 'agents'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'hello.ts'), program)
  const hub = await startTestHub()
  const child = spawn(process.execPath, ['hello.ts'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      BELLHOP_URL: hub.url,
      BELLHOP_SECRET: secretOf(hub.home.folder),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async (): Promise<unknown> =>
    (await Promise.race([lines.next(), exit.then(() => ({ value: 'it ended' }))])).value
  expect(await line()).toBe('registered as hello')
  const rose = await startClient({ BELLHOP_HOME: hub.home.folder }, 'rose')
  const shown = rose.next('receipt')
  await rose.client.send({ to: 'hello', content: 'Hello, portable.' })
  expect(await line()).toBe('rose: Hello, portable.')
  expect(await shown).toMatchObject([{ name: 'hello', state: 'shown' }])
})
