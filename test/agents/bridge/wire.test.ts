import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { bridgeLimits } from '../../../agents/bridge/index.ts'
import { askWithoutReading, kill } from './dying-client.ts'
import { exchange, exchangeText, OldClient, openSocket, readAll, type OldAnswer } from './old-client.ts'
import { startRig } from './rig.ts'

const wide = '😀é✓'

/** Cuts at every multiple of so many bytes. */
const every =
  (size: number) =>
  (bytes: Buffer): Buffer[] =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    )

describe('a request arrives', () => {
  test.each([
    ['at once', (bytes: Buffer) => [bytes]],
    ['byte by byte', every(1)],
    ['cut at 4,095 bytes', every(4_095)],
    ['cut at 4,096 bytes', every(4_096)],
    ['cut at 4,097 bytes', every(4_097)],
  ])('%s, with characters of several bytes across the cuts', async (_title, pieces) => {
    const rig = await startRig()
    const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
    const content = `"\\${wide}{[`.repeat(300)
    const request = {
      action: 'send',
      from_id: 'rose',
      to_id: 'barney',
      message: { content },
      session_token: rose.token,
    }
    expect(await exchange(rig.bridge.port, request, { pieces })).toEqual({ status: 'ok', message: 'Message sent' })
    expect((await barney.check())[0]?.message.content).toBe(content)
  })

  test('the client may close its half first, or keep it open', async () => {
    const rig = await startRig()
    const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
    for (const halfClose of [true, false]) {
      await rose.send('barney', `half closed: ${halfClose}`)
      const request = { action: 'check', instance_id: 'barney', session_token: barney.token }
      const text = await exchangeText(rig.bridge.port, Buffer.from(JSON.stringify(request)), { halfClose })
      // Bare JSON: nothing before it, nothing behind it.
      expect(text).toMatch(/^\{.*\}$/)
      const { messages } = JSON.parse(text) as OldAnswer
      expect(messages?.map(({ message }) => message.content)).toEqual([`half closed: ${halfClose}`])
      expect(await barney.check()).toEqual([])
    }
  })

  test('blanks before it and bytes behind it do no harm', async () => {
    const rig = await startRig()
    const text = await exchangeText(rig.bridge.port, Buffer.from(' \r\n\t{"action":"list"} {"action":"list"}\n'))
    expect(JSON.parse(text)).toMatchObject({ message: 'Invalid or missing session token' })
  })
})

describe('large bodies', () => {
  test('16 MiB of text go through, one byte more is refused with a reason', async () => {
    const rig = await startRig()
    const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
    const body = 'x'.repeat(16 * 1024 * 1024)
    expect(await rose.send('barney', body)).toEqual({ status: 'ok', message: 'Message sent' })
    expect(await rose.send('barney', `${body}x`)).toMatchObject({
      status: 'error',
      message: expect.stringMatching(/16777216 are allowed\. Nothing was sent\. A text may take 16 MiB/),
    })
    const [message, ...others] = await barney.check()
    expect(others).toEqual([])
    const path = / is in (\/.*\.md)$/.exec(message!.message.content)![1]!
    expect(readFileSync(path, 'utf8').endsWith(`\n---\n\n${body}\n`)).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('the largest inline message, twice as long as JSON, fits into one answer', async () => {
    const rig = await startRig()
    const [barney, fred] = [await rig.old('barney'), await rig.fresh('fred')]
    const content = '"'.repeat(10_240)
    const data = { text: '\\'.repeat(5_000) }
    await fred.client.send({ to: 'barney', content, data })
    expect((await barney.check())[0]?.message).toEqual({ content, data })
  })

  test('what could deceive a terminal does not reach one', async () => {
    const rig = await startRig()
    const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
    await rose.send('barney', 'a \u001b[31mred\u001b[0m text\u202e,\n\ta tab\u0007')
    expect((await barney.check())[0]?.message.content).toBe('a red text,\n\ta tab')
  })

  test('data has no bound on the old wire: a file that is shared in it becomes a file', async () => {
    const rig = await startRig()
    const [rose, fred, barney] = [await rig.old('rose'), await rig.fresh('fred'), await rig.old('barney')]
    const file = `${wide} a line\n`.repeat(4_000)
    const data = { type: 'file', filepath: '/home/rose/notes/plan.txt', content: file, description: 'the plan' }
    for (const to of ['fred', 'barney']) {
      expect(await rose.send(to, 'Shared file: /home/rose/notes/plan.txt', data)).toMatchObject({ status: 'ok' })
    }
    await fred.untilMessages(1)
    const { blob, data: rest, content } = fred.messages[0]!
    expect({ rest, content, name: blob?.fileName }).toEqual({
      rest: { type: 'file', filepath: '/home/rose/notes/plan.txt', description: 'the plan' },
      content: 'Shared file: /home/rose/notes/plan.txt',
      name: 'plan.txt',
    })
    expect(Buffer.from(await fred.client.download(blob!)).toString() === file).toBe(true)
    const [message] = await barney.check()
    const path = /The file plan\.txt \(\d+ KiB\) is in (\/.*plan\.txt)$/.exec(message!.message.content)![1]!
    expect(readFileSync(path, 'utf8') === file).toBe(true)
  })

  test('data has no bound on the old wire: other large data goes into the text', async () => {
    const rig = await startRig()
    const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
    const data = { type: 'command', command: 'make', stdout: 'a line of output\n'.repeat(2_000), returncode: 0 }
    await rose.send('barney', 'Command output: make', data)
    const [message] = await barney.check()
    const path = / is in (\/.*\.md)$/.exec(message!.message.content)![1]!
    const [, json = ''] = /```json\n([^]*)\n```\n$/.exec(readFileSync(path, 'utf8')) ?? []
    expect(JSON.parse(json)).toEqual(data)
  })

  test('a client that hangs up on a large answer gets smaller ones', async () => {
    const rig = await startRig()
    const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
    for (let index = 0; index < 8; index += 1) await rose.send('barney', `${index}: ${'x'.repeat(10_000)}`)
    const request = { action: 'check', instance_id: 'barney', session_token: barney.token }
    for (let round = 0; round < 4; round += 1) {
      const answered = rig.nextAnswer()
      const socket = await askWithoutReading(rig.bridge.port, request)
      await answered
      await setImmediate()
      await kill(socket)
    }
    for (let index = 0; index < 8; index += 1) {
      const text = await exchangeText(rig.bridge.port, Buffer.from(JSON.stringify(request)))
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bridgeLimits.leastAnswerBytes)
      const { messages } = JSON.parse(text) as OldAnswer
      expect(messages?.every(({ message }) => message.content.includes('The whole message'))).toBe(true)
      if (messages?.length === 0) break
    }
    expect(await barney.check()).toEqual([])
  })

  test('a list of more names than fit shows those that were seen last, and says so', async () => {
    const rig = await startRig()
    const rose = await rig.old('rose')
    const names = Array.from({ length: 1_200 }, (_, index) => `an-agent-with-a-name-${index}`)
    const { client } = await rig.fresh('fred')
    for (const name of names) await client.register({ name })
    const answer = await rose.list()
    const ids = answer.instances?.map(({ id }) => id) ?? []
    expect(ids).toContain('rose')
    expect(ids).toContain(names.at(-1))
    expect(ids).not.toContain(names[0])
    expect(answer.message).toBe(`1202 instances in all; these are the ${ids.length} that were seen last.`)
  })
})

describe('hostile or broken requests', () => {
  test.each([
    ['no JSON', 'hello', /begins with "\{"/],
    ["a browser's request", 'POST / HTTP/1.1\r\nHost: 127.0.0.1:9876\r\n\r\n{"action":"list"}', /begins with "\{"/],
    ['a list', '[{"action":"list"}]', /begins with "\{"/],
    ['broken JSON', '{"action":"list",}', /not valid JSON/],
    ['half an object', '{"action":"list"', /ends before its JSON does/],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), /not valid JSON in UTF-8/],
    ['no action', '{}', /no "action"/],
    ['an action of another type', '{"action":7}', /no "action"/],
    ['an unknown action', '{"action":"shutdown"}', /Unknown action: shutdown\. Use one of register, send,/],
    ['an action of the prototype', '{"action":"constructor"}', /Unknown action/],
    ['a missing field', '{"action":"send","session_token":"x"}', /field "to_id" of send/],
    ['a field of another type', '{"action":"register","instance_id":["rose"]}', /field "instance_id" of register/],
    ['a message that is a text', '{"action":"send","to_id":"b","message":"hi"}', /field "message" of send/],
    ['data that is a list', '{"action":"broadcast","message":{"content":"","data":[1]}}', /message\.data/],
    ['an invalid name', '{"action":"register","instance_id":"../../etc"}', /not a valid name\. Use 1 to 32 letters/],
    ['an empty name', '{"action":"register","instance_id":""}', /not a valid name/],
    ['deep nesting', `{"action":"list","x":${'['.repeat(100)}`, /deeper than 34 levels/],
    ['a million small values', `{"action":"list","x":[${'{},'.repeat(40_000)}0]}`, /65536 bytes outside of its texts/],
  ])('%s', async (_title, text, message) => {
    const rig = await startRig()
    const answer = await exchangeText(rig.bridge.port, Buffer.from(text), { halfClose: true })
    expect(JSON.parse(answer)).toEqual({ status: 'error', message: expect.stringMatching(message) })
    // And it goes on serving.
    await rig.old('rose')
  })

  test('a request that never ends is answered when its time is over, and a silent connection closed', async () => {
    const rig = await startRig()
    const [silent, slow] = [await openSocket(rig.bridge.port), await openSocket(rig.bridge.port)]
    const answers = [readAll(silent), readAll(slow)]
    await new Promise<void>((resolve) => slow.write('{"action":', () => resolve()))
    // An answered request: the bridge has read what was written before it.
    await exchange(rig.bridge.port, { action: 'list' })
    rig.clock.advance(bridgeLimits.idleMs)
    const [nothing, late] = await Promise.all(answers)
    expect(nothing).toBe('')
    expect(JSON.parse(late!)).toMatchObject({ status: 'error', message: expect.stringContaining('took too long') })
  })

  test('one byte every nine seconds does not hold a connection for ever', async () => {
    const rig = await startRig()
    const socket = await openSocket(rig.bridge.port)
    const answer = readAll(socket)
    for (const byte of '{"ac') {
      await new Promise<void>((resolve) => socket.write(byte, () => resolve()))
      await exchange(rig.bridge.port, { action: 'list' })
      rig.clock.advance(bridgeLimits.idleMs - 1_000)
    }
    expect(JSON.parse(await answer)).toMatchObject({ message: expect.stringContaining('took too long') })
  })

  test('connections are limited, and one that closes makes room', async () => {
    const rig = await startRig()
    const sockets = []
    for (let index = 0; index < bridgeLimits.connections; index += 1) sockets.push(await openSocket(rig.bridge.port))
    const surplus = await openSocket(rig.bridge.port)
    expect(await readAll(surplus)).toBe('')
    rig.clock.advance(bridgeLimits.idleMs)
    await Promise.all(sockets.map((socket) => once(socket.resume(), 'close')))
    expect((await (await rig.old('rose')).list()).status).toBe('ok')
  })

  test('a hundred requests a minute for each name, of any kind and over all its sessions', async () => {
    const rig = await startRig()
    const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
    // The registration was the first.
    for (let index = 2; index <= bridgeLimits.requestsPerMinute; index += 1) {
      expect((await (index % 2 === 0 ? rose.list() : rose.send('barney', `${index}`))).status).toBe('ok')
    }
    const refused = { status: 'error', message: expect.stringMatching(/100 a minute .* Wait \d+ s/) }
    expect(await rose.list()).toMatchObject(refused)
    expect(await rose.send('barney', 'one more')).toMatchObject(refused)
    expect(await rose.register(rig.secret)).toMatchObject(refused)
    expect((await barney.list()).status).toBe('ok')
  })

  test("the hub's refusals come over with their sentence and what to do", async () => {
    const rig = await startRig({ mailboxDepth: 1, sendsPerMinute: 2 })
    const rose = await rig.old('rose')
    await rose.send('barney', 'one')
    expect(await rose.send('barney', 'two')).toEqual({
      status: 'error',
      message:
        'The mailbox of "barney" is full (1 unread messages). Nothing was stored. Wait until the recipient has read its mail, then send again.',
    })
    expect(await rose.send('bellhop', 'hi')).toMatchObject({ message: expect.stringContaining('reserved') })
    expect(await rose.send('no name', 'hi')).toMatchObject({ message: expect.stringContaining('not a valid name') })
    expect(await rose.send('fred', '')).toMatchObject({ message: expect.stringContaining('The message is empty') })
    expect(await rose.send('fred', 'three')).toMatchObject({ message: expect.stringMatching(/Wait \d+ s/) })
    const late = new OldClient(rig.bridge.port, 'everyone')
    expect(await late.register(rig.secret)).toMatchObject({ message: expect.stringContaining('reserved') })
  })
})
