import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import type { Attached, Message, MessageId, Result } from '../../../protocol/index.ts'
import { startClient } from '../../support/clients.ts'
import { homeWithHub } from '../../support/hub-process.ts'
import { hubProcess } from '../../support/processes.ts'
import { packageFolder, requirePython, startPython } from './python.ts'

/** Over 200 KiB, most of it not ASCII. */
const large = 'Größe und Zeichen: ✓ 漢字 🛎. '.repeat(6_000)

interface Line {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly reason: string }
  readonly event?: string
  readonly params?: Message
}

/** A Python client in a process of its own, told what to do through its conformance driver. */
async function startPythonAgent(python: string, env: Record<string, string>) {
  const driver = join(packageFolder, 'conformance_driver.py')
  const child = startPython({ python, arguments: [driver], env })
  const lines: Line[] = []
  const takers = new Set<() => void>()
  let trouble = ''
  child.stderr!.on('data', (chunk: Buffer) => (trouble += chunk.toString()))
  createInterface(child.stdout!).on('line', (text) => {
    lines.push(JSON.parse(text) as Line)
    for (const take of takers) take()
  })
  const next = (fits: (line: Line) => boolean): Promise<Line> =>
    new Promise((resolve, reject) => {
      const take = (): void => {
        const at = lines.findIndex(fits)
        if (at < 0) return
        takers.delete(take)
        resolve(lines.splice(at, 1)[0]!)
      }
      takers.add(take)
      child.once('exit', () => reject(new Error(`the driver ended: ${trouble}`)))
      take()
    })
  let lastId = 0
  const command = async <T>(method: string, params: object = {}): Promise<T> => {
    lastId += 1
    const id = lastId
    child.stdin!.write(`${JSON.stringify({ id, method, params })}\n`)
    const { result, error } = await next((line) => line.id === id)
    if (error) throw new Error(error.reason)
    return result as T
  }
  await command('start')
  return {
    command,
    message: async () => (await next((line) => line.event === 'message')).params!,
    async close() {
      await command('close')
      child.stdin!.end()
      await once(child, 'exit')
    },
  }
}

test('one name, one key, from TypeScript and from Python, in both directions [P-10]', async (context) => {
  const python = requirePython(context)
  const { home, env } = homeWithHub()
  const first = await startClient(env, 'Rose')
  const key = readFileSync(join(home, 'keys', 'rose'), 'utf8')
  await first.client.send({ to: 'rose', content: 'to myself' })
  await first.client.close()

  const agent = await startPythonAgent(python, env)
  expect(await agent.command<Attached>('register', { name: 'rose' })).toMatchObject({ created: false, waiting: 1 })
  expect(await agent.message()).toMatchObject({ from: 'Rose', content: 'to myself' })
  await agent.command<Result<'rename'>>('rename', { name: 'rosy' })
  expect(readFileSync(join(home, 'keys', 'rosy'), 'utf8')).toBe(key)
  expect(existsSync(join(home, 'keys', 'rose'))).toBe(false)
  expect(await agent.command<Attached>('register', { name: 'made-by-python' })).toMatchObject({ created: true })
  await agent.close()

  const second = await startClient(env)
  expect(await second.client.register({ name: 'rosy' })).toMatchObject({ name: 'rosy', created: false })
  expect(await second.client.register({ name: 'made-by-python' })).toMatchObject({ created: false })
})

test('large messages, pushes, receipts and a killed hub between a TypeScript and a Python client', async (context) => {
  const python = requirePython(context)
  const { home, env } = homeWithHub()
  const rose = await startClient(env, 'rose')
  const agent = await startPythonAgent(python, env)
  await agent.command('register', { name: 'snake' })

  await rose.client.send({ to: 'snake', content: large })
  const toPython = await agent.message()
  expect(toPython.blob).toMatchObject({ size: Buffer.byteLength(large) })
  const receipt = rose.next('receipt')
  await agent.command('ack', { ids: [toPython.id], state: 'shown', route: 'fetch' })
  expect((await receipt)[0]).toMatchObject({ id: toPython.id, name: 'snake', state: 'shown', route: 'fetch' })

  await agent.command('send', { to: 'rose', content: large, replyTo: toPython.id })
  await rose.untilMessages(1)
  const body = await rose.client.download(rose.messages[0]!.blob!)
  expect(Buffer.from(body).toString()).toBe(large)
  expect(rose.messages[0]).toMatchObject({ from: 'snake', replyTo: toPython.id })

  process.kill(hubProcess(home)!, 'SIGKILL')
  // The TypeScript client starts the hub again; the Python client finds it.
  const sent = await agent.command<Result<'send'>>('send', { to: 'rose', content: 'after the hub died' })
  await rose.untilMessages(2)
  expect(rose.messages[1]).toMatchObject({ id: sent.id, content: 'after the hub died' })
  await rose.client.send({ to: 'snake', content: 'and back' })
  const back = await agent.message()
  expect(back).toMatchObject({ content: 'and back' })
  await agent.command('ack', { ids: [back.id satisfies MessageId], state: 'shown', route: 'fetch' })
  expect(await agent.command<Result<'fetch'>>('fetch')).toMatchObject({ messages: [] })
})
