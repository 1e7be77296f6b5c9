import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { explainStart } from '../../hub/explain.ts'
import { settingsWith, startHub } from '../../hub/index.ts'
import { startTestHub } from '../support/hub.ts'
import { temporaryFolder } from '../support/teardown.ts'
import { secretOf, WirePeer } from '../support/wire.ts'

/** A port that some other program listens on. */
async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** What a person is told about a start that failed. */
async function failedStart(changes: Parameters<typeof settingsWith>[0]): Promise<{ text: string; exitCode: number }> {
  const settings = settingsWith({ port: 0, ...changes })
  const error: unknown = await startHub({ settings }).then(
    (hub) => hub.close().then(() => new Error('it started')),
    (reason: unknown) => reason,
  )
  return explainStart(error, settings.home)
}

test('a port that is taken is explained, and what was opened is given back', async () => {
  const home = temporaryFolder()
  const port = await takenPort()
  const { text, exitCode } = await failedStart({ home, port })
  expect(exitCode).toBe(5)
  expect(text).toContain(`Port ${port} is in use`)
  expect(text).toContain('BELLHOP_PORT')
  await startTestHub({ home })
})

test('where TCP is optional, a taken port leaves the socket', async () => {
  const home = temporaryFolder()
  const settings = settingsWith({ home, port: await takenPort(), tcp: 'optional' })
  const hub = await startHub({ settings })
  onTestFinished(() => hub.close())
  expect(hub.url).toBeUndefined()
  const peer = new WirePeer(`ws+unix://${hub.socket}:/`)
  await peer.hello(secretOf(home))
})

test('a second hub on one home is told who runs there, and what to do next', async () => {
  const hub = await startTestHub()
  const { text, exitCode } = await failedStart({ home: hub.home.folder })
  expect(exitCode).toBe(3)
  expect(text).toContain(hub.url)
  expect(text).toContain(`process ${process.pid}`)
  expect(text).toContain('agents/mcp/main')
  // The running hub's own files are as they were.
  expect(existsSync(hub.home.about)).toBe(true)
  await new WirePeer(hub.url).hello(secretOf(hub.home.folder))
})

test('a home that is no folder, and a database that is none, are explained', async () => {
  const home = temporaryFolder()
  const file = join(home, 'file')
  writeFileSync(file, '')
  expect(await failedStart({ home: file })).toMatchObject({
    exitCode: 4,
    text: expect.stringContaining('BELLHOP_HOME'),
  })
  writeFileSync(join(home, 'bellhop.db'), 'this is no database, and long enough to be read as one'.repeat(100))
  expect((await failedStart({ home })).exitCode).toBe(4)
})
