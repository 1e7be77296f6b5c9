import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openAdmin } from '../../../agents/admin/admin.ts'
import { readSettings } from '../../../agents/client/index.ts'
import { startHub, settingsWith } from '../../../hub/index.ts'
import { migrations } from '../../../hub/ledger/sqlite/migrations.ts'
import { admin, adminLimits, ledgerForm, softwareVersion } from '../../../protocol/index.ts'
import { startTestHub } from '../../support/hub.ts'
import { temporaryFolder } from '../../support/teardown.ts'

interface Answer {
  readonly status: number
  readonly text: string
}

function post(socketPath: string, path: string, body: string, method = 'POST'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ socketPath, method, path, agent: false }, (incoming) => {
      let text = ''
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()))
      incoming.on('close', () => resolve({ status: incoming.statusCode ?? 0, text }))
    })
      .on('error', reject)
      .end(body)
  })
}

describe('the admin part of a hub', () => {
  test.each(Object.values(admin))('%s is on the socket, and not on TCP', async (path) => {
    const hub = await startTestHub()
    const overTcp = await fetch(`${hub.url.replace('ws:', 'http:')}${path}`, { method: 'POST', body: '{}' })
    expect(overTcp.status).toBe(404)
    const nothing = await fetch(`${hub.url.replace('ws:', 'http:')}/nothing`, { method: 'POST', body: '{}' })
    expect(await overTcp.text()).toBe(await nothing.text())
    expect((await post(hub.socket!, path, 'no json')).status).not.toBe(404)
  })

  test('other paths and verbs are not there', async () => {
    const hub = await startTestHub()
    for (const path of ['/admin', '/admin/', '/admin/constructor', '/admin/__proto__']) {
      expect((await post(hub.socket!, path, '{}')).status).toBe(404)
    }
    expect((await post(hub.socket!, admin.shutdown, '', 'GET')).status).toBe(404)
  })

  test('a request that does not fit says where, and one without end is cut off', async () => {
    const hub = await startTestHub()
    const misfit = await post(hub.socket!, admin.backup, JSON.stringify({ folder: 7 }))
    expect(misfit).toMatchObject({ status: 400, text: expect.stringContaining('\\"folder\\"') as string })
    const relative = await post(hub.socket!, admin.backup, JSON.stringify({ folder: 'here' }))
    expect(relative).toMatchObject({ status: 400, text: expect.stringContaining('absolute') as string })
    const huge = await post(hub.socket!, admin.importMessages, 'x'.repeat(adminLimits.requestBytes + 1)).catch(
      () => undefined,
    )
    // Where the answer is overtaken by the end of the connection, that is an answer too.
    expect(huge?.status ?? 413).toBe(413)
    expect((await post(hub.socket!, admin.status, '')).status).toBe(200)
  })

  test('status says which hub it is', async () => {
    const hub = await startTestHub()
    const status = await openAdmin(readSettings({ BELLHOP_HOME: hub.home.folder })).status()
    expect(status).toEqual({
      pid: process.pid,
      version: softwareVersion,
      epoch: hub.epoch,
      home: hub.home.folder,
      agents: 0,
      figures: expect.objectContaining({ writable: true, waiting: { mailboxes: 0, topics: 0, oldestMs: 0 } }) as object,
    })
  })

  test('shutdown is answered, and then the hub closes and gives its home back', async () => {
    const home = temporaryFolder()
    const settings = settingsWith({ home, port: 0 })
    await startHub({ settings })
    expect(await openAdmin(readSettings({ BELLHOP_HOME: home })).shutDown()).toBe(process.pid)
    const next = await startHub({ settings })
    onTestFinished(() => next.close())
    expect(next.socket).toBe(join(home, 'hub.sock'))
  })

  test('the form of the database that both ends speak of is that of the last migration', () => {
    expect(migrations.at(-1)?.version).toBe(ledgerForm)
  })
})
