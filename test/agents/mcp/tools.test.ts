import { describe, expect, test } from 'vitest'
import { instructions } from '../../../agents/mcp/instructions.ts'
import type { RouteStanding } from '../../../agents/mcp/standing.ts'
import { tools } from '../../../agents/mcp/tools/index.ts'
import { ClientError } from '../../../agents/client/client.ts'
import { methods } from '../../../protocol/index.ts'
import { message, notRegistered, unreachable } from './fake-client.ts'
import { rig, shownIds, structured, text } from './rig.ts'

const status = methods.status.result.parse({
  hub: {
    version: '1',
    epoch: 'e1',
    startedAt: '2026-11-22T11:00:00.000Z',
    now: '2026-11-22T12:00:00.000Z',
    connections: 2,
    agents: 2,
    online: 1,
    writable: true,
  },
  agent: {
    name: 'claude',
    waiting: 0,
    topics: [],
    autoCheck: { enabled: false, minutes: 0 },
    sessionExpiresAt: '2026-11-23T12:00:00.000Z',
  },
})

test('every tool has a title, all four annotations, bounded inputs, and an output schema', async () => {
  const { mcp } = await rig()
  const listed = (await mcp.listTools()).tools
  expect(listed.map(({ name }) => name)).toEqual(tools.map(({ name }) => name))
  const hints = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']
  for (const tool of listed) {
    expect(tool).toMatchObject({ title: expect.stringMatching(/./) as string, outputSchema: { type: 'object' } })
    expect(Object.keys(tool.annotations ?? {})).toEqual(expect.arrayContaining(hints))
    const unbounded = Object.entries(tool.inputSchema.properties ?? {}).filter(([, schema]) => !isBounded(schema))
    expect([tool.name, unbounded]).toEqual([tool.name, []])
  }
})

function isBounded(schema: unknown): boolean {
  const { type, maxLength, maximum, enum: choices } = schema as Record<string, unknown>
  if (type === 'string') return (maxLength ?? choices) !== undefined
  return type !== 'integer' || maximum !== undefined
}

test('no tool asks who the caller is', () => {
  for (const tool of tools) {
    expect(Object.keys(tool.definition().inputSchema.properties ?? {})).not.toContain('from')
  }
})

test('the instructions fit where assistants cut them', () => {
  expect(Buffer.byteLength(instructions)).toBeLessThan(2_048)
})

test.for([
  ['register', { name: 'rose' }],
  ['send', { to: 'rose', content: 'x' }],
  ['ask', { to: 'rose', content: 'x' }],
  ['broadcast', { content: 'x' }],
  ['check', {}],
  ['list_instances', {}],
  ['rename', { name: 'rosa' }],
  ['join', { topic: 'x' }],
  ['leave', { topic: 'x' }],
  ['history', {}],
  ['receipts', {}],
  ['auto_check', { action: 'start' }],
] as const)('%s without a hub says so, and the next step', async ([name, args]) => {
  const { call, client } = await rig()
  client.refusal = unreachable()
  const result = await call(name, args)
  expect(result.isError).toBe(true)
  expect(structured(result).error).toMatchObject({ reason: 'hub_unreachable', next: 'Start one with bellhop start.' })
  expect(text(result)).toContain('Next step: Start one')
})

test('input that is not valid names its field and the next step', async () => {
  const { call } = await rig()
  const result = await call('send', { to: 'no such name!', content: 'x' })
  expect(result.isError).toBe(true)
  expect(text(result)).toMatch(/invalid_input: .*"to" must be a name.*\nNext step: Correct that field/)
})

test.for([
  ['register', {}, '"name" is missing'],
  ['register', { name: '' }, '"name" must not be empty'],
  ['register', { name: 'x'.repeat(81) }, '"name" must have at most 80 characters'],
  ['register', { name: 5 }, '"name" must be a text'],
  ['register', { name: 'x', takeOver: 'yes' }, '"takeOver" must be true or false'],
  ['send', { to: 'rose', content: 'x', data: [1] }, '"data" must be a JSON object'],
  ['send', { to: 'rose', content: 'x', priority: 'high' }, '"priority" must be one of low, normal, urgent'],
  ['auto_check', { action: 'begin' }, '"action" must be one of start, stop, status'],
  ['auto_check', { action: 'start', minutes: 61 }, '"minutes" must be at most 60'],
  ['auto_check', { action: 'start', minutes: 1.5 }, '"minutes" must be a whole number'],
  ['wait', { seconds: 0 }, '"seconds" must be at least 1'],
  ['wait', { seconds: 'soon' }, '"seconds" must be a whole number'],
  ['receipts', { id: 'x' }, '"id" must be the id of a message'],
] as const)('%s %o is refused in words: %s', async ([name, args, words]) => {
  const { call } = await rig()
  const result = await call(name, args)
  expect(structured(result).error?.reason).toBe('invalid_input')
  expect(text(result)).toContain(`The input of ${name} is not valid: ${words}`)
  expect(text(result)).not.toMatch(/Invalid|expected|undefined/)
})

test('a field that a tool does not have is refused, with those that it has', async () => {
  const { call, client } = await rig()
  const shared = await call('share_file', { to: 'rose', path: 'x', note: 'hello' })
  expect(text(shared)).toMatch(
    /invalid_input: .*"note" is not a field of it\. The fields of share_file: to, path, description\.\nNext step: /,
  )
  expect(text(await call('check', { bogus: 1 }))).toContain('"bogus" is not a field of it. check has no fields.')
  await call('send', { to: 'rose', content: 'x', bogus: 1 })
  expect(client.sent).toEqual([])
})

test('every tool says beforehand that it takes no other fields', () => {
  for (const tool of tools) expect(tool.definition().inputSchema['additionalProperties']).toBe(false)
})

test.for([
  ['rename_too_soon', 'Renamed at noon; the next rename is possible in 60 min.', 'Wait 3600 s.'],
  ['rate_limited', 'Too many requests.', 'Wait for the time in retryAfterMs.'],
] as const)('%s says once, in words, how long to wait', async ([reason, message, next]) => {
  const { call, client } = await rig()
  client.refusal = new ClientError({ reason, message, next, retryAfterMs: 3_600_000 })
  const result = text(await call('rename', { name: 'rosa' }))
  expect(result).toContain('It can succeed in 1 hour.')
  expect(result).not.toMatch(/retryAfterMs|60 min|3600/)
})

test('a refusal says in words when it can succeed', async () => {
  const { call, client } = await rig()
  client.refusal = new ClientError({
    reason: 'rate_limited',
    message: 'Too many.',
    next: 'Wait.',
    retryAfterMs: 90_000,
  })
  const result = await call('send', { to: 'rose', content: 'x' })
  expect(text(result)).toContain('rate_limited: Too many. It can succeed in 2 minutes.')
})

test('a tool that does not exist: the error lists those that do', async () => {
  const { call } = await rig()
  await expect(call('sned')).rejects.toThrow(/There is no tool "sned".*register, send/)
})

describe('send', () => {
  test.for([
    ['rose', 'rose'],
    [' @rose: ', 'rose'],
    ['"rose"', 'rose'],
    ['#frontend', '#frontend'],
  ])('it understands %s as %s', async ([to, meant]) => {
    const { call, client } = await rig()
    await call('send', { to, content: 'x' })
    expect(client.sent[0]).toMatchObject({ to: meant, content: 'x', priority: 'normal' })
  })

  test('it passes on data, reply, thread and priority', async () => {
    const { call, client } = await rig()
    const fields = { content: 'x', data: { a: [1] }, replyTo: 'e1-5', thread: 'release', priority: 'urgent' }
    await call('send', { to: 'rose', ...fields })
    expect(client.sent[0]).toEqual({ to: 'rose', ...fields })
  })

  const until = '2026-11-29T12:00:00.000Z'
  const atOnce = { enabled: true, minutes: 0 }
  test.for([
    [{ kind: 'online', name: 'rose', routes: ['tool_result', 'wait'] }, 'is waiting for mail now and sees it at once'],
    [{ kind: 'online', name: 'rose', routes: ['tool_result'] }, 'sees it at its next Bellhop tool call'],
    [{ kind: 'online', name: 'rose', routes: ['tool_result', 'hook', 'wake'], autoCheck: atOnce }, 'is woken for it.'],
    [
      { kind: 'online', name: 'rose', routes: ['tool_result', 'hook'], autoCheck: { enabled: true, minutes: 5 } },
      'collects its mail for 5 minutes and then sees it at its next tool call, prompt or end of turn; before that it sees it at its next Bellhop tool call.',
    ],
    [
      { kind: 'online', name: 'rose', routes: ['tool_result', 'wake'], autoCheck: { enabled: false, minutes: 0 } },
      'sees it at its next Bellhop tool call (its auto-check is off).',
    ],
    [{ kind: 'online', name: 'rose', routes: [] }, 'sees it when it checks its mail'],
    [
      { kind: 'away', name: 'rose', since: '2026-11-22T10:00:00.000Z', waitsUntil: until },
      'rose is away, last seen 2026-11-22T10:00:00.000Z (2 hours ago). The message waits for it until 2026-11-29',
    ],
    [
      { kind: 'unregistered', name: 'rose', waitsUntil: until, didYouMean: ['rosa'] },
      'Nobody has registered "rose" so far. The message waits for whoever takes that name, until 2026-11-29T12:00:00.000Z. Did you mean "rosa"?',
    ],
    [
      { kind: 'online', name: 'rosa', routes: ['wait'], forwardedFrom: 'rose' },
      'rose is now called rosa, and this was forwarded: use "rosa" from now on.',
    ],
    [
      { kind: 'topic', name: '#frontend', recipients: 3, online: 1, bounced: 1 },
      'It goes to 3 recipients of #frontend, who will see it: 1 online, each by the best way that it has; 2 away, on coming back. It bounced for 1 whose mailbox is full.',
    ],
    [
      { kind: 'topic', name: '#all', recipients: 2, online: 2, bounced: 0 },
      'who will see it: 2 online, each by the best way that it has. receipts',
    ],
  ] as const)('[D-7] it says how it will be seen: %o', async ([outlook, words]) => {
    const { call, client } = await rig()
    client.outlook = methods.send.result.shape.outlook.parse(outlook)
    const result = await call('send', { to: 'rose', content: 'x' })
    expect(text(result)).toContain(words)
    expect(text(result)).toContain('accepted as e1-1001')
    expect(structured(result).result).toMatchObject({ id: 'e1-1001', recipient: outlook.kind })
  })
})

test('broadcast goes to everyone', async () => {
  const { call, client } = await rig()
  await call('broadcast', { content: 'x', data: { a: 1 } })
  expect(client.sent).toEqual([{ to: '#all', content: 'x', data: { a: 1 } }])
})

describe('check', () => {
  test('no mail: it says so', async () => {
    const { call, client } = await rig()
    client.answers.status = () => status
    expect(text(await call('check'))).toBe('No new messages.')
  })

  test('it waits for mail that the hub has announced', async () => {
    const { call, client } = await rig()
    const mail = message()
    client.answers.status = () => {
      queueMicrotask(() => client.emit('message', mail))
      return { ...status, agent: { ...status.agent!, waiting: 1 } }
    }
    const result = await call('check')
    expect(shownIds(result)).toEqual([mail.id])
    expect(text(result)).toMatch(/^1 new message, below\./)
  })

  test('without a name it says to register', async () => {
    const { call, client } = await rig({ registered: null })
    client.answers.status = () => ({ hub: status.hub })
    expect(structured(await call('check')).error).toMatchObject({ reason: 'not_registered' })
  })
})

test('list_instances: who is online and how each gets its mail', async () => {
  const { call, client } = await rig()
  client.answers.list = () =>
    methods.list.result.parse({
      agents: [
        { name: 'claude', online: true, routes: ['tool_result'], lastSeenAt: '2026-11-22T12:00:00.000Z' },
        { name: 'rose', online: false, routes: [], lastSeenAt: '2026-11-22T11:00:00.000Z' },
      ],
      total: 3,
      online: 1,
      more: true,
    })
  const result = text(await call('list_instances'))
  expect(result).toContain('- claude: online; sees it at its next Bellhop tool call (this is you)')
  expect(result).toContain('- rose: away, last seen 2026-11-22T11:00:00.000Z (1 hour ago)')
  expect(result).toContain('list_instances {"after":"rose"}')
})

test('rename: says until when the old name forwards, and makes no note of itself', async () => {
  const { call, client } = await rig()
  const result = await call('rename', { name: '@claudia ' })
  expect(client.requests.at(-1)).toEqual({ method: 'rename', params: { name: 'claudia' } })
  expect(text(result)).toContain('You are now "claudia". Mail to "claude" is forwarded to you until 2026-11-22T14:00')
  expect(structured(result).notes).toBeUndefined()
})

test.for(['frontend', '#frontend', ' @frontend'])('join and leave understand %j', async (topic) => {
  const { call, client } = await rig()
  client.answers.join = ({ topic }) => methods.join.result.parse({ topic, members: 2, joined: true })
  client.answers.leave = ({ topic }) => methods.leave.result.parse({ topic, left: false })
  expect(text(await call('join', { topic }))).toContain('You joined #frontend: 2 members.')
  expect(text(await call('leave', { topic }))).toContain('You were not in #frontend')
})

describe('history', () => {
  test('[S-8] texts are fenced, in the structured result too', async () => {
    const { call, client } = await rig()
    client.answers.history = () => ({ messages: [message({ content: 'old news' })], more: false })
    const result = await call('history', { with: '@rose', limit: '5' })
    expect(client.requests.at(-1)?.params).toEqual({ with: 'rose', limit: 5 })
    expect(structured(result).result?.['fenced']).toMatch(/is data, not[^]*<<<TEXT (\S+)\nold news\nTEXT \1>>>/)
    expect(text(result)).toContain('old news')
    expect(client.acks).toEqual([])
  })

  test('more than fits: it says how to go on', async () => {
    const { call, client } = await rig()
    const messages = Array.from({ length: 4 }, () => message({ content: 'x'.repeat(10_000) }))
    client.answers.history = () => ({ messages, more: false })
    const result = await call('history')
    const before = messages[1]!.seq
    expect(structured(result).result).toMatchObject({ before })
    expect(text(result)).toContain(`There is more: history {"before":${before}}`)
    const filtered = await call('history', { with: 'rose', thread: 'a "b"', limit: 50 })
    expect(text(filtered)).toContain(`history {"with":"rose","thread":"a \\"b\\"","before":${before},"limit":50}`)
  })

  test('nothing there', async () => {
    const { call, client } = await rig()
    client.answers.history = () => ({ messages: [], more: false })
    expect(text(await call('history'))).toBe('No messages.')
  })
})

test('receipts: what became of each, in words', async () => {
  const { call, client } = await rig()
  client.answers.receipts = () =>
    methods.receipts.result.parse({
      receipts: [
        {
          id: 'e1-5',
          to: '#all',
          sentAt: '2026-11-22T11:00:00.000Z',
          excerpt: 'hello',
          recipients: [
            {
              name: 'rose',
              state: 'shown',
              steps: [{ state: 'shown', at: '2026-11-22T11:30:00.000Z', route: 'wait' }],
            },
          ],
          queued: 2,
        },
      ],
      more: false,
    })
  const result = await call('receipts', { id: ' e1-5 ' })
  expect(text(result)).toContain('e1-5 to #all')
  expect(text(result)).toContain('- rose: shown in a wait, 2026-11-22T11:30:00.000Z (30 minutes ago)')
  expect(text(result)).toContain('- 2 more for whom it waits')
})

test('receipts: every step with its route and time, and there may be older ones', async () => {
  const { call, client } = await rig()
  const steps = [
    { state: 'queued', at: '2026-11-22T11:00:00.000Z' },
    { state: 'offered', at: '2026-11-22T11:29:59.000Z', route: 'wake' },
    { state: 'shown', at: '2026-11-22T11:30:00.000Z', route: 'tool_result' },
    { state: 'answered', at: '2026-11-22T11:59:59.000Z' },
  ]
  const receipt = { id: 'e1-5', to: 'rose', sentAt: '2026-11-22T11:00:00.000Z', excerpt: 'hello', queued: 0 }
  const recipients = [{ name: 'rose', state: 'answered', steps }]
  client.answers.receipts = () => methods.receipts.result.parse({ receipts: [{ ...receipt, recipients }], more: true })
  const answer = await call('receipts', { limit: 150 })
  expect(structured(answer).result).toMatchObject({ receipts: [{ recipients: [{ at: steps[3]?.at, steps }] }] })
  const result = text(answer)
  expect(result).toContain(
    '- rose: announced by waking it (no confirmation that it was seen), 2026-11-22T11:29:59.000Z (30 minutes ago); then shown in a tool result, 2026-11-22T11:30:00.000Z (30 minutes ago); then answered, 2026-11-22T11:59:59.000Z (just now)',
  )
  expect(result).toContain('There are older ones: receipts {"limit":200} ')
  expect(text(await call('receipts', { limit: 200 }))).toContain('There are older ones: receipts {"id":"…"} shows one.')
})

describe('auto_check', () => {
  test.for([
    [
      { action: 'start' },
      { enabled: true, minutes: 0 },
      'Auto-check is on (at once), but nothing in this session can announce mail now',
    ],
    [{ minutes: 5 }, { enabled: true, minutes: 5 }, 'once in 5 minutes'],
    [{ action: 'start', minutes: 5 }, { enabled: true, minutes: 5 }, 'once in 5 minutes'],
    [{ action: 'start', minutes: '15' }, { enabled: true, minutes: 15 }, 'once in 15 minutes'],
    [{ action: 'stop' }, { enabled: false, minutes: 0 }, 'Auto-check is off'],
  ] as const)('%o is kept in the hub', async ([args, autoCheck, words]) => {
    const { call, client } = await rig()
    client.answers.configure = (params) => params
    const result = await call('auto_check', args)
    expect(client.requests.at(-1)).toEqual({ method: 'configure', params: { autoCheck } })
    expect(text(result)).toContain(words)
    expect(structured(result).result).toMatchObject(autoCheck)
  })

  test('status: on or off, interval, next time, and honestly how mail arrives', async () => {
    const { call, client } = await rig({ registered: null, clientName: 'claude-code' })
    client.attach('claude', { enabled: true, minutes: 5 })
    const answer = await call('auto_check', { action: 'status' })
    const result = text(answer)
    expect(text(await call('auto_check'))).toBe(result)
    expect(result).toMatch(/^Auto-check is on \(once in 5 minutes\), but nothing in this session can announce mail now/)
    expect(result).toContain('It has announced nothing in this session so far.')
    expect(result).toContain('Next time, if there is new mail: 2026-11-22T12:05:00.000Z (in 5 minutes)')
    expect(result).toContain('- with the result of any Bellhop tool (not proven in this session so far)')
    expect(result).toContain('- not now: woken while idle: nothing listens in this session; `"')
    const routes = structured(answer).result?.['routes'] as RouteStanding[] | undefined
    const open = routes?.filter((route) => route.open) ?? []
    expect(open.map(({ route }) => route)).toEqual(['wait', 'tool_result'])
    client.emit('message', message())
    await call('list_instances')
    expect(text(await call('auto_check'))).toContain(
      'any Bellhop tool (has shown mail, 2026-11-22T12:00:00.000Z (just now))',
    )
  })

  test('status of an assistant that nothing can wake, or that nobody knows', async () => {
    const desktop = await rig({ clientName: 'claude-ai' })
    expect(text(await desktop.call('auto_check'))).toContain('nothing is known that could wake this assistant')
    const unknown = await rig({ clientName: 'unheard-of' })
    expect(text(await unknown.call('auto_check'))).toContain('by hooks: none are known for this assistant')
  })

  test('more than an hour is refused, with the reason', async () => {
    const { call } = await rig()
    expect(text(await call('auto_check', { action: 'start', minutes: 61 }))).toContain('"minutes"')
  })
})

describe('register', () => {
  test('a new name, with the mail that was waiting', async () => {
    const { call, client } = await rig({ registered: null })
    client.waiting = 1
    const mail = message()
    const attached = client.attach.bind(client)
    client.attach = (name) => {
      queueMicrotask(() => client.emit('message', mail))
      return attached(name)
    }
    const result = await call('register', { name: ' @rose ' })
    expect(text(result)).toContain('You are "rose" on Bellhop (a new name). 1 message waiting.')
    expect(shownIds(result)).toEqual([mail.id])
  })

  test('the same name again changes nothing', async () => {
    const { call, client } = await rig()
    expect(text(await call('register', { name: 'Claude' }))).toContain('registered as "claude" already')
    expect(client.requests.filter(({ method }) => method === 'register')).toEqual([])
  })

  test('another name: it says where the mail of the old one is', async () => {
    const { call } = await rig()
    expect(text(await call('register', { name: 'rose' }))).toContain('Mail for "claude" stays in its mailbox')
  })

  test('a name that is taken: the reason and the next step', async () => {
    const { call, client } = await rig({ registered: null })
    client.refusal = new ClientError({ reason: 'name_taken', message: 'It is taken.', next: 'Choose another.' })
    expect(text(await call('register', { name: 'rose' }))).toBe('name_taken: It is taken.\nNext step: Choose another.')
  })
})

test('a name that another session uses: taking it over is for the user to ask for', async () => {
  const { call, client } = await rig({ registered: null })
  client.refusal = new ClientError({ reason: 'name_in_use', message: 'It is in use.', next: 'Register with takeOver.' })
  expect(structured(await call('register', { name: 'rose' })).error?.next).toBe(
    'Choose another name, or close the other session. takeOver: true disconnects it: only if your user asks for that.',
  )
})

describe('without a name', () => {
  test('the error says to register', async () => {
    const { call } = await rig({ registered: null })
    const result = await call('send', { to: 'rose', content: 'x' })
    expect(structured(result).error?.reason).toBe('not_registered')
    expect(text(result)).toContain('Next step: Call register {"name":"…"}')
  })

  test('the error names what this assistant was called here last time', async () => {
    const first = await rig({ registered: null })
    await first.call('register', { name: 'rose' })
    await first.call('rename', { name: 'rosa' })
    const again = await rig({ registered: null, home: first.home, cwd: first.cwd })
    expect(text(await again.call('send', { to: 'x', content: 'x' }))).toContain(
      'Last time in this folder you were "rosa": if no other session is using it, register {"name":"rosa"} continues.',
    )
    const other = await rig({ registered: null, home: first.home, cwd: first.cwd, clientName: 'another assistant' })
    expect(text(await other.call('send', { to: 'x', content: 'x' }))).not.toContain('rosa')
  })
})

describe('the name that this assistant had here last time', () => {
  const row = { routes: [], lastSeenAt: '2026-11-22T11:00:00.000Z' }
  test.for([
    [
      'nobody uses now',
      [{ name: 'Rosa', online: false }],
      false,
      /you were "rosa": register \{"name":"rosa"\} continues/,
    ],
    ['is gone', [], false, /you were "rosa": register \{"name":"rosa"\} continues/],
    ['another session uses now', [{ name: 'Rosa', online: true }], false, /Next step: Call register \{"name":"…"\}/],
    ['is not in the part of the list that came', [], true, /if no other session is using it/],
  ] as const)('%s', async ([, agents, more, words]) => {
    const { call, client, shim, home, cwd } = await rig({ registered: null })
    await call('register', { name: 'rosa' })
    await shim.cleanup()
    const again = await rig({ registered: null, home, cwd })
    again.client.emit('state', { kind: 'ready' })
    again.client.answers.list = () =>
      methods.list.result.parse({ agents: agents.map((agent) => ({ ...row, ...agent })), total: 1, online: 0, more })
    expect(text(await again.call('send', { to: 'x', content: 'x' }))).toMatch(words)
    expect(again.client.requests.at(-1)).toEqual({ method: 'list', params: { after: 'ros', limit: 200 } })
    expect(client.requests).toHaveLength(1)
  })
})

describe('BELLHOP_NAME', () => {
  test('registers at the start', async () => {
    const { call, client } = await rig({ registered: null, env: { BELLHOP_NAME: 'rose' } })
    expect(client.registration?.name).toBe('rose')
    expect((await call('send', { to: 'x', content: 'x' })).isError).not.toBe(true)
  })

  test('tries again when a hub appears', async () => {
    const { client } = await rig({ registered: null, env: { BELLHOP_NAME: 'rose' }, refusal: unreachable() })
    expect(client.registration).toBeUndefined()
    client.refusal = undefined
    client.emit('state', { kind: 'ready' })
    expect(client.registration?.name).toBe('rose')
  })

  test('where the name cannot be had, errors say why', async () => {
    const refusal = new ClientError({ reason: 'name_in_use', message: 'It is in use.', next: 'Choose another.' })
    const { call, client } = await rig({ registered: null, env: { BELLHOP_NAME: 'rose' }, refusal })
    client.refusal = notRegistered()
    const result = text(await call('send', { to: 'x', content: 'x' }))
    expect(result).toContain('BELLHOP_NAME failed: It is in use.')
    expect(result).toContain('Next step: Choose another name, or close the other session. takeOver: true')
    client.emit('state', { kind: 'ready' })
    expect(client.requests.filter(({ method }) => method === 'register')).toHaveLength(1)
  })
})
