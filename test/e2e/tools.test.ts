import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { homeWithHub } from '../support/hub-process.ts'
import { RawShim } from '../support/raw-shim.ts'
import { checkUntil, resultOf, sdks, shownIn, textsIn, untilWaiting, type McpSession } from '../support/shims.ts'
import { temporaryFolder } from '../support/teardown.ts'

const allTools = [
  'register',
  'send',
  'ask',
  'broadcast',
  'check',
  'wait',
  'list_instances',
  'rename',
  'join',
  'leave',
  'share_file',
  'share_command',
  'history',
  'receipts',
  'auto_check',
]

/** A session that counts which tools have succeeded. */
function counting(session: McpSession, succeeded: Set<string>): McpSession['call'] {
  return async (name, args) => {
    const answer = await session.call(name, args)
    if (answer.isError) throw new Error(answer.text)
    expect(answer.text).not.toBe('')
    succeeded.add(name)
    return answer
  }
}

describe.each(sdks)('two shims, driven by $name', (sdk) => {
  test('every tool succeeds, and the other side sees what it did', async () => {
    const { home, env } = homeWithHub({ BELLHOP_ALLOW_COMMANDS: 'node' })
    const [roseSession, claudeSession] = await Promise.all([sdk.start(env), sdk.start(env)])
    const succeeded = new Set<string>()
    const rose = counting(roseSession, succeeded)
    const claude = counting(claudeSession, succeeded)

    const early = await rose('register', { name: 'rose' })
    expect(resultOf(early)).toMatchObject({ name: 'rose', created: true, waiting: 0 })

    // Mail to a name that nobody has yet.
    const waiting = resultOf(await rose('send', { to: 'claude', content: 'Welcome!', data: { n: 7 } }))
    expect(waiting).toMatchObject({ to: 'claude', recipient: 'unregistered' })
    const arrival = await claude('register', { name: 'claude' })
    expect(textsIn(arrival)).toEqual(['Welcome!'])
    expect(arrival.text).toContain('{"n":7}')
    expect(shownIn(arrival)).toMatchObject([{ id: waiting.id, from: 'rose', kind: 'message' }])

    const { agents } = resultOf(await rose('list_instances'))
    expect(agents.map(({ name, online }) => ({ name, online }))).toEqual([
      { name: 'claude', online: true },
      { name: 'rose', online: true },
    ])

    await claude('send', { to: 'rose', content: 'Thanks.', replyTo: waiting.id })
    expect(await checkUntil({ call: rose }, 1)).toEqual(['Thanks.'])
    const { receipts } = resultOf(await rose('receipts', { id: waiting.id }))
    expect(receipts[0]?.recipients).toMatchObject([{ name: 'claude', state: 'answered' }])

    const blocked = claude('wait', { seconds: 60 })
    await untilWaiting(roseSession, 'claude')
    await rose('send', { to: 'claude', content: 'Wake up.', priority: 'urgent' })
    expect(textsIn(await blocked)).toEqual(['Wake up.'])

    const question = rose('ask', { to: 'claude', content: 'Is it green?', seconds: 60 })
    const [asked] = shownIn(await claude('wait', { seconds: 60 }))
    await claude('send', { to: 'rose', content: 'It is.', replyTo: asked?.id })
    expect(textsIn(await question)).toEqual(['It is.'])
    expect(resultOf(await question)).toMatchObject({ id: asked?.id, end: 'answered' })

    expect(resultOf(await claude('broadcast', { content: 'To all.' }))).toMatchObject({
      recipient: 'topic',
      to: '#all',
    })
    const broadcast = await rose('check')
    expect(textsIn(broadcast)).toEqual(['To all.'])

    expect(resultOf(await claude('join', { topic: 'frontend' }))).toMatchObject({ topic: '#frontend', joined: true })
    await rose('send', { to: '#frontend', content: 'To the topic.' })
    expect(await checkUntil({ call: claude }, 1)).toEqual(['To the topic.'])
    expect(resultOf(await claude('leave', { topic: '#frontend' }))).toMatchObject({ left: true })
    const empty = await roseSession.call('send', { to: '#frontend', content: 'Nobody gets this.' })
    expect(empty.structured['error']).toMatchObject({ reason: 'no_recipients' })

    const folder = temporaryFolder()
    writeFileSync(join(folder, 'notes.txt'), 'A short file.')
    await rose('share_file', { to: 'claude', path: join(folder, 'notes.txt'), description: 'my notes' })
    const [shared] = await checkUntil({ call: claude }, 1)
    expect(shared).toContain('A short file.')
    expect(shared).toContain('my notes')

    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256))
    writeFileSync(join(folder, 'image.bin'), bytes)
    await rose('share_file', { to: 'claude', path: join(folder, 'image.bin') })
    const [file] = shownIn(await claude('check'))
    expect(file?.path).toContain(join(home, 'mail', 'claude'))
    expect(readFileSync(file!.path!).equals(bytes)).toBe(true)

    await rose('share_command', { to: 'claude', command: `node -e 'console.log(6 * 7); process.exit(3)'` })
    const [output] = await checkUntil({ call: claude }, 1)
    expect(output).toMatch(/exit code 3/)
    expect(output).toMatch(/stdout:\n42\n/)

    expect(resultOf(await claude('auto_check', { action: 'start', minutes: 5 }))).toMatchObject({
      enabled: true,
      minutes: 5,
    })
    expect(resultOf(await claude('auto_check', { action: 'status' }))).toMatchObject({ enabled: true, minutes: 5 })
    expect(resultOf(await rose('auto_check', { action: 'status' }))).toMatchObject({ minutes: 0 })
    expect(resultOf(await claude('auto_check', { action: 'stop' }))).toMatchObject({ enabled: false })

    const past = await claude('history', { with: 'rose', limit: 3 })
    expect(past.text).toContain('stdout:')
    expect(resultOf(past).messages).toHaveLength(3)

    expect(resultOf(await claude('rename', { name: 'claude-2' }))).toMatchObject({
      name: 'claude-2',
      previous: 'claude',
    })
    const forwarded = await rose('send', { to: 'claude', content: 'By the old name.' })
    expect(resultOf(forwarded)).toMatchObject({ to: 'claude-2' })
    // The notice of the rename may come before it.
    const texts: string[] = []
    while (texts.at(-1) !== 'By the old name.') texts.push(...(await checkUntil({ call: claude }, 1)))

    expect([...succeeded].toSorted()).toEqual(allTools.toSorted())
    expect((await roseSession.tools()).toSorted()).toEqual(allTools.toSorted())
  })

  test('resources and prompts are listed and read', async () => {
    const { env } = homeWithHub()
    const rose = await sdk.start(env)
    expect(await rose.resources()).toEqual(['bellhop://status', 'bellhop://inbox', 'bellhop://agents'])
    await rose.call('register', { name: 'rose' })
    expect(await rose.read('bellhop://status')).toMatch(/This assistant is "rose".*The hub \(version .* 1 online/s)
    expect(await rose.read('bellhop://agents')).toMatch(/^rose: online/)
    expect(await rose.read('bellhop://inbox')).toBe('No unread messages.')

    const prompts = await rose.prompts()
    expect(prompts).toEqual(expect.arrayContaining(['register', 'msg', 'msgs', 'reply', 'broadcast', 'process']))
    expect(await rose.prompt('msg', { to: 'claude', text: 'hello there' })).toContain('"hello there"')
    expect(await rose.prompt('msgs')).toContain('check')
  })

  test('the inbox resource shows what is unread, and looking leaves it unread', async () => {
    const { env } = homeWithHub()
    const [rose, claude] = await Promise.all([sdk.start(env), sdk.start(env)])
    await claude.call('register', { name: 'claude' })
    await rose.call('register', { name: 'rose' })
    await rose.call('send', { to: 'claude', content: 'Look, do not touch.' })
    let inbox = ''
    while (!inbox.includes('Look, do not touch.')) inbox = await claude.read('bellhop://inbox')
    expect(await claude.read('bellhop://inbox')).toContain('Look, do not touch.')
    expect(textsIn(await claude.call('check'))).toEqual(['Look, do not touch.'])
    expect(await claude.read('bellhop://inbox')).toBe('No unread messages.')
  })
})

describe('a shim as a process', () => {
  test('with a hub: an unknown method gets -32601, stdout carries only MCP, and the end of stdin ends it', async () => {
    const { env } = homeWithHub()
    const shim = new RawShim(env)
    expect((await shim.request('server/discover')).error?.code).toBe(-32_601)
    shim.greet()
    const calls = [
      ['register', { name: 'rose' }],
      ['send', { to: 'rose', content: 'To myself.' }],
      ['list_instances', {}],
      ['no_such_tool', {}],
      ['check', {}],
    ] as const
    for (const [name, args] of calls) {
      const answer = await shim.call(name, args)
      expect(answer.result ?? answer.error).toBeDefined()
    }
    // It is connected and registered, so that an open socket could keep it alive.
    expect(JSON.stringify((await shim.call('list_instances')).result)).toContain('rose: online')
    const endedAt = performance.now()
    shim.child.stdin!.end()
    expect(await shim.exit).toEqual([0, null])
    expect(performance.now() - endedAt).toBeLessThan(2_000)
    for (const line of shim.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' })
    expect(shim.lines.length).toBeGreaterThanOrEqual(8)
  })

  test('initialize and the lists are answered while no hub can be reached', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const shim = new RawShim({ BELLHOP_URL: `ws://127.0.0.1:${port}`, BELLHOP_HOME: temporaryFolder() })
    const hello = await shim.request('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'raw', version: '1' },
    })
    expect(hello.result?.['serverInfo']).toMatchObject({ name: 'bellhop' })
    expect((await shim.request('tools/list')).result?.['tools']).toHaveLength(allTools.length)
    expect((await shim.request('resources/list')).result?.['resources']).toHaveLength(3)
  })
})
