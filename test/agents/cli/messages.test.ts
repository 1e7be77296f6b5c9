import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startClient } from '../../support/clients.ts'
import { freePort } from '../../support/ports.ts'
import { User, type Ended } from './user.ts'

interface Mail {
  readonly messages: readonly {
    readonly id: string
    readonly from: string
    readonly content: string
    readonly file?: string
  }[]
}

interface Sent {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly outlook: { readonly kind: string }
}

interface Receipts {
  readonly receipts: readonly {
    readonly id: string
    readonly recipients: readonly {
      readonly name: string
      readonly state: string
      readonly steps: readonly { readonly route?: string }[]
    }[]
  }[]
}

/** What a command with --json answered. */
const json = ({ output }: Ended): unknown => JSON.parse(output)
const mail = (ended: Ended) => json(ended) as Mail
const sent = (ended: Ended) => json(ended) as Sent
const receiptsIn = (ended: Ended) => json(ended) as Receipts

describe('texts', () => {
  test('words of the line are joined; what begins with a dash stands behind "--"', async () => {
    const user = new User()
    await user.types('bellhop send anna --as bob hello   there')
    await user.types("bellhop send anna --as bob -- --force 'is  dangerous'")
    const { messages } = mail(await user.types('bellhop check --as anna --json'))
    expect(messages.map(({ content }) => content)).toEqual(['hello there', '--force is  dangerous'])
  })

  test('"-" is stdin, to the last byte but the line break that a pipe ends with', async () => {
    const user = new User()
    await user.types("printf 'a\\n\\n  b ü\\n' | bellhop send anna --as bob -")
    const { messages } = mail(await user.types('bellhop check --as anna --json'))
    expect(messages.map(({ content }) => content)).toEqual(['a\n\n  b ü'])
  })

  test('bytes that are no text are not sent', async () => {
    const ended = await new User().types("printf '\\377\\376' | bellhop send anna --as bob -")
    expect(ended).toMatchObject({ code: 2, output: '' })
    expect(ended.problem).toContain('bellhop share-file')
  })

  test('a sentence from stdin is understood as one that is typed', async () => {
    const user = new User()
    await user.types("echo 'tell anna: hello' | bellhop say --as bob -")
    expect(mail(await user.types('bellhop check --as anna --json')).messages).toMatchObject([{ content: 'hello' }])
  })

  test('an empty text is not sent', async () => {
    const user = new User()
    const ended = await user.types('bellhop send anna --as bob - </dev/null')
    expect(ended).toMatchObject({ code: 2, output: '' })
    expect(ended.problem).toContain('nothing was sent')
  })

  test('a large one from stdin comes whole, as a file of its reader', async () => {
    const user = new User()
    const text = randomBytes(300_000).toString('base64')
    writeFileSync(join(user.cwd, 'large.txt'), text)
    expect(await user.types('bellhop send anna --as bob - <large.txt')).toMatchObject({ code: 0 })
    const { messages } = mail(await user.types('bellhop check --as anna --json'))
    expect(readFileSync(messages[0]!.file!, 'utf8')).toContain(text)
    // Forwarded, it is the whole text again, and not its summary.
    await user.types('bellhop forward carl --as anna')
    const forwarded = mail(await user.types('bellhop check --as carl --json'))
    expect(readFileSync(forwarded.messages[0]!.file!, 'utf8')).toContain(text)
  })
})

describe('reading', () => {
  test('check shows each message once, and its sender learns that it was read', async () => {
    const user = new User()
    const { id } = sent(await user.types('bellhop send anna --as bob hello --json'))
    expect(mail(await user.types('bellhop check --as anna --peek --json')).messages).toHaveLength(1)
    expect((await user.types('bellhop check --as anna')).output).toMatch(/^bob → anna {2}.*\n {2}hello\n$/)
    expect((await user.types('bellhop check --as anna')).output).toBe('No unread messages for anna.\n')
    const { receipts } = receiptsIn(await user.types(`bellhop receipts ${id} --as bob --json`))
    expect(receipts[0]!.recipients).toMatchObject([{ name: 'anna', state: 'shown' }])
    expect(receipts[0]!.recipients[0]!.steps.at(-1)).toMatchObject({ route: 'fetch' })
  })

  test('a reader that has gone leaves the mail unread', async () => {
    const user = new User()
    await user.types('bellhop send anna --as bob hello')
    const { problem } = await user.types('{ bellhop check --as anna; echo "ended with $?" >&2; } | true')
    expect(problem).toContain('ended with 1')
    expect(mail(await user.types('bellhop check --as anna --json')).messages).toHaveLength(1)
  })

  test('--limit takes the oldest, and says how many are left', async () => {
    const user = new User()
    for (const text of ['1', '2', '3']) await user.types(`bellhop send anna --as bob ${text}`)
    const ended = await user.types('bellhop check --as anna --limit 2 --json')
    expect(mail(ended).messages.map(({ content }) => content)).toEqual(['1', '2'])
    expect(ended.problem).toContain('1 more unread message')
  })

  test("what peers wrote cannot move a terminal's cursor", async () => {
    const user = new User()
    await user.types("printf 'a\\033[2Jb' | bellhop send anna --as bob -")
    expect((await user.types('bellhop check --as anna')).output).toContain('\n  ab\n')
  })

  test('wait is pushed what comes; its end without mail has a code of its own', async () => {
    const user = new User()
    expect(await user.types('bellhop wait --as anna --seconds 1 --json')).toMatchObject({ code: 8 })
    const waiting = user.typesUntil('bellhop wait --as anna --follow --json', /"content":"two"/)
    const bob = await startClient({ ...user.env }, 'bob')
    await bob.client.send({ to: 'anna', content: 'one' })
    await bob.client.send({ to: 'anna', content: 'two' })
    const lines = (await waiting).output.trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as Mail['messages'][number]).content)).toEqual(['one', 'two'])
  })
})

describe('the last message', () => {
  test('is the last that was read: an answer never goes to a text that nobody has seen', async () => {
    const user = new User()
    await user.types('bellhop send tess question --as anna')
    expect(await user.types('bellhop reply too early --as tess')).toMatchObject({ code: 1 })
    await user.types('bellhop check --as tess')
    await user.types('bellhop send tess barges in --as bob')
    const { output } = await user.types('bellhop reply the answer --as tess')
    expect(output).toMatch(/^Answering anna: "question"\nSent as tess, .* anna is away/)
    expect(mail(await user.types('bellhop check --as anna --json')).messages).toMatchObject([{ content: 'the answer' }])
    expect(mail(await user.types('bellhop check --as tess --json')).messages).toMatchObject([{ from: 'bob' }])
    await user.types('bellhop forward carl --as tess')
    const [forwarded] = mail(await user.types('bellhop check --as carl --json')).messages
    expect(forwarded?.content).toContain('bob wrote')
  })

  test('is nobody’s own, whatever name it was sent under', async () => {
    const user = new User()
    await user.types('bellhop send rose outgoing --as xavi')
    await user.types('bellhop rename xavi-2 --as xavi')
    const ended = await user.types('bellhop reply is this to me --as xavi-2')
    expect(ended).toMatchObject({ code: 1, output: '' })
    expect(ended.problem).toContain('Nobody has written to "xavi-2"')
  })
})

describe('asking', () => {
  test('the answer, or a code that says there was none', async () => {
    const user = new User()
    const anna = await startClient({ ...user.env }, 'anna')
    anna.client.on('message', ({ id, from, content }) => {
      void anna.client.ack([id], 'shown', 'fetch')
      if (content === 'yes?') void anna.client.send({ to: from, content: 'no', replyTo: id })
    })
    const answered = await user.types("bellhop ask anna --as bob --json 'yes?'")
    expect(answered.code).toBe(0)
    expect(json(answered)).toMatchObject({ answer: { content: 'no' } })
    const late = await user.types('bellhop ask anna --as bob --seconds 1 silence')
    expect(late.code).toBe(8)
    expect(late.problem).toMatch(/No answer within 1 s\. So far: anna: shown/)
  })

  test('other mail stays unread meanwhile', async () => {
    const user = new User()
    await user.types('bellhop send bob --as carl first')
    const anna = await startClient({ ...user.env }, 'anna')
    anna.client.on('message', ({ id, from }) => void anna.client.send({ to: from, content: 'no', replyTo: id }))
    expect((await user.types("bellhop ask anna --as bob 'yes?'")).code).toBe(0)
    expect(mail(await user.types('bellhop check --as bob --json')).messages).toMatchObject([{ from: 'carl' }])
  })
})

describe('names', () => {
  test('one that is new is said to be, where it may be a slip', async () => {
    const user = new User()
    expect((await user.types('bellhop check --as tes')).problem).toContain('bellhop release --as tes --yes')
    expect((await user.types('bellhop check --as tes')).problem).toBe('')
    expect((await user.types('bellhop send anna hi --as cron')).output).toContain('cron (a new name')
  })

  test('commands under one name that come at once wait for their turn', async () => {
    const user = new User()
    const texts = ['1', '2', '3', '4', '5', '6']
    const ended = await Promise.all(texts.map((text) => user.types(`bellhop send anna ${text} --as feeder`)))
    expect(ended.map(({ code, problem }) => (code === 0 ? 'sent' : problem))).toEqual(texts.map(() => 'sent'))
    const { messages } = mail(await user.types('bellhop check --as anna --json'))
    expect(messages.map(({ content }) => content).toSorted()).toEqual(texts)
  })

  test('a registration holds for this terminal; without one it is asked back', async () => {
    const user = new User()
    expect(await user.types('bellhop check')).toMatchObject({ code: 9, output: '' })
    await user.types('bellhop register anna')
    const { from, outlook } = sent(await user.types('bellhop send claude hi --json'))
    expect({ from, outlook }).toMatchObject({ from: 'anna', outlook: { kind: 'unregistered' } })
    await user.types('bellhop rename anna-2')
    expect((await user.types('bellhop check')).output).toBe('No unread messages for anna-2.\n')
    expect(await user.types('bellhop release')).toMatchObject({ code: 4 })
    expect(await user.types('bellhop release --yes --json')).toMatchObject({ code: 0 })
    expect(await user.types('bellhop check')).toMatchObject({ code: 9 })
  })

  test('a live session is disconnected only where that is asked for', async () => {
    const user = new User()
    const anna = await startClient({ ...user.env }, 'anna')
    const ended = await user.types('bellhop check --as anna')
    expect(ended).toMatchObject({ code: 1, output: '' })
    expect(ended.problem).toContain('--take-over')
    const lost = anna.next('state')
    expect(await user.types('bellhop check --as anna --take-over')).toMatchObject({ code: 0 })
    expect(await lost).toMatchObject([{ kind: 'closed' }])
  })

  test('topics, with and without the "#" that shells take for a comment', async () => {
    const user = new User()
    await user.types('bellhop join frontend --as anna')
    await user.types("bellhop send '#frontend' --as bob hello")
    expect(mail(await user.types('bellhop check --as anna --json')).messages).toMatchObject([{ content: 'hello' }])
    expect((await user.types("bellhop leave '#frontend' --as anna")).output).toContain('no more of #frontend')
    const nobody = await user.types("bellhop send '#frontend' --as bob hello")
    expect(nobody).toMatchObject({ code: 1, output: '' })
    expect(nobody.problem).toContain('bellhop list')
  })
})

describe('answers for programs', () => {
  test.each([
    ['bellhop send a/b hi --as bob --json', 1, 'name_invalid'],
    ['bellhop send anna hi --as bob --priority high --json', 2, undefined],
    ['bellhop send anna hi --as bob --reply-to nothing --json', 2, 'usage'],
    ['bellhop send anna hi --as bob --reply-to a-1 --json', 1, 'message_unknown'],
    ['bellhop send anna hi --as bob --data [1] --json', 2, 'usage'],
    ['bellhop check --json', 9, 'not_registered'],
    ['bellhop reply hi --as bob --json', 1, 'message_unknown'],
    ['bellhop share-file anna nothing.txt --as bob --json', 1, 'file_unreadable'],
    ['BELLHOP_URL=ws://127.0.0.1:9 bellhop list --json', 6, 'hub_unreachable'],
    ['bellhop status --json', 6, 'hub_unreachable'],
  ])('%s', async (line, code, reason) => {
    const ended = await new User().types(line)
    expect(ended).toMatchObject({ code })
    if (reason === undefined) expect(ended.problem).toContain('--help')
    else expect(json(ended)).toMatchObject({ error: { reason, message: expect.any(String), next: expect.any(String) } })
  })
})

test('an address of another form: which forms there are', async () => {
  const ended = await new User({ BELLHOP_URL: 'https://127.0.0.1:9' }).types('bellhop list')
  expect(ended).toMatchObject({
    code: 6,
    problem: expect.stringContaining('Set BELLHOP_URL to ws://host:port, wss://'),
  })
})

describe('what stands on stdout', () => {
  test('is plain where nobody looks at it: tabs, and no colours', async () => {
    const user = new User()
    await user.types('bellhop register anna')
    const { output } = await user.types('bellhop list')
    expect(output).toMatch(/^anna\taway\tlast seen .*\n$/)
  })
})

describe('the hub', () => {
  test('up starts it, status says where, down ends it', async () => {
    const user = new User()
    expect((await user.types('bellhop status')).code).toBe(6)
    expect((await user.types('bellhop up')).code).toBe(0)
    const status = json(await user.types('bellhop status --json')) as { pid: number }
    expect(status).toMatchObject({ pid: expect.any(Number), hub: { writable: true } })
    expect((await user.types('bellhop down')).output).toContain(`process ${status.pid}`)
    expect((await user.types('bellhop down')).output).toBe('No hub is running.\n')
    expect((await user.types('bellhop status')).problem).toContain('bellhop up')
  })

  test('status tells what waits, what was refused and what it takes; --metrics the same for Prometheus', async () => {
    const user = new User()
    await user.types('bellhop register anna')
    await user.types('bellhop register bob')
    await user.types('bellhop send bob "the build is green" --as anna')
    await user.types('bellhop send bellhop hi --as anna')
    const { output } = await user.types('bellhop status')
    expect(output).toContain('Waiting: 1 message in mailboxes, 0 in topics (once for each reader), the oldest for ')
    expect(output).toContain('1 message accepted (1 to a name, 0 to a topic)')
    expect(output).toMatch(
      /From taking a message to having it stored, and pushed: half within about [\d.]+ ms, 99 % within about [\d.]+ ms \(of 1\)/,
    )
    expect(output).toMatch(/Refused: .*name_reserved 1/)
    expect(output).toMatch(/MiB of memory; its database \d+ KiB, [\d.]+ [GM]iB free on its disk\.\n/)
    const { figures } = json(await user.types('bellhop status --json')) as { figures: object }
    expect(figures).toMatchObject({
      waiting: { mailboxes: 1, topics: 0, oldestMs: expect.any(Number) },
      messages: { direct: 1, topic: 0 },
      refusals: { name_reserved: 1 },
    })
    const metrics = await user.types('bellhop status --metrics')
    expect(metrics.code).toBe(0)
    expect(metrics.output).toContain('bellhop_waiting_messages{place="mailbox"} 1\n')
    await user.types('bellhop down')
    expect((await user.types('bellhop status --metrics')).code).toBe(6)
  })

  test('status of a hub that is reached by TCP tells what the wire does', async () => {
    const user = new User()
    await user.types('bellhop up')
    const { url } = json(await user.types('bellhop status --json')) as { url: string }
    const remote = `BELLHOP_URL=${url} bellhop status`
    const { code, output } = await user.types(remote)
    expect(code).toBe(0)
    expect(output).toContain(`The hub runs at ${url}.`)
    expect(output).not.toContain('Since it started')
    expect(json(await user.types(`${remote} --json`))).not.toHaveProperty('figures')
    const figures = await user.types(`${remote} --metrics`)
    expect(figures.problem).toContain('Only the socket')
    expect(figures.problem).toContain('Run this as the user of the hub, on its machine')
  })

  test('one that cannot start says why', async () => {
    const user = new User()
    writeFileSync(join(user.home, 'bellhop.db'), 'This is no database, whatever its name says. '.repeat(200))
    const ended = await user.types('bellhop up')
    expect(ended).toMatchObject({ code: 6, output: '' })
    expect(ended.problem).toMatch(/could not be started\. The end of .*hub\.log: .*bellhop\.db/)
  })

  test('one that is somewhere else and does not answer is not waited for', async () => {
    const user = new User({ BELLHOP_URL: 'ws://127.0.0.1:9' })
    const ended = await user.types('bellhop send anna hi --as bob')
    expect(ended).toMatchObject({ code: 6, output: '' })
    expect(ended.problem).toContain('ws://127.0.0.1:9')
  })

  test('status says where old clients are served', async () => {
    const user = new User({ BELLHOP_BRIDGE: String(await freePort()) })
    await user.types('bellhop up')
    expect((await user.types('bellhop status')).output).toContain(`127.0.0.1:${user.env['BELLHOP_BRIDGE']}`)
  })

  test('down leaves a hub alone that is somewhere else', async () => {
    const ended = await new User({ BELLHOP_URL: 'ws://127.0.0.1:9' }).types('bellhop down')
    expect(ended).toMatchObject({ code: 1, output: '' })
    expect(ended.problem).toContain('where it was started')
  })
})
