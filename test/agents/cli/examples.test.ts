import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commands } from '../../../agents/cli/program.ts'
import { startClient } from '../../support/clients.ts'
import { oldTime, writeOldDatabase } from '../../support/old-database.ts'
import { freePort } from '../../support/ports.ts'
import { User } from './user.ts'

/** Examples that go on until somebody ends them, with what they say first, and how they end. */
const endless: Readonly<Record<string, { readonly says: RegExp; readonly code: number | null }>> = {
  'bellhop wait --follow --json': { says: /"content":"hello anna"/, code: null },
  'bellhop hub': { says: /is running/, code: 0 },
  'bellhop hub --port 9870 --bridge 9876': { says: /bridge {5}127\.0\.0\.1:\d+/, code: 0 },
}

/** Examples that cannot end well on this machine, and the code that says so. */
const otherCodes: Readonly<Record<string, { readonly code: number; readonly because: string }>> = {
  'bellhop doctor --canary claude-code': { code: 1, because: 'no Claude Code runs here' },
  'bellhop restore ./backup-before-the-move': { code: 4, because: 'there is no terminal to ask at' },
  'bellhop install claude-code --hooks': { code: 4, because: 'there is no terminal to ask at' },
}

/** The line that is pasted: a remark may stand behind it. */
function lineOf(example: string): string {
  return example.split(/ {3,}/)[0]!
}

/** Runs as it is, but for its ports: a machine may run a hub of its own. */
const hubs = commands.filter(({ name }) => name === 'hub').flatMap(({ examples }) => examples.map(lineOf))

test.each(hubs)('%s', async (line) => {
  const { says, code } = endless[line]!
  const free = line.replace('--port 9870', '--port 0').replace('--bridge 9876', `--bridge ${await freePort()}`)
  const ended = await new User().typesUntil(free, says)
  expect(ended).toMatchObject({ code })
})

const others = commands.filter(({ name }) => name !== 'hub')

test.each(others.map(({ name, examples }) => [name, examples] as const))('%s', async (name, examples) => {
  const user = new User()
  await peopleAround(user)
  if (name === 'restore') await user.types('bellhop backup ./backup-before-the-move')
  const friend = await startClient({ ...user.env }, 'barney')
  await friend.client.request('join', { topic: '#frontend' })
  for (const line of examples.map(lineOf)) {
    await friend.client.send({ to: 'anna', content: 'hello anna' })
    // What is answered or passed on has been read.
    if (name === 'reply' || name === 'forward') await user.types('bellhop check')
    const lasting = endless[line]
    const ended = lasting ? await user.typesUntil(line, lasting.says) : await user.types(line)
    const code = lasting ? lasting.code : (otherCodes[line]?.code ?? 0)
    expect({ line, ...ended }).toMatchObject({ line, code })
    if (line.includes('--json') && !lasting) expect(JSON.parse(ended.output)).toEqual(expect.any(Object))
    // Whoever reads it is told something.
    if (name !== 'mcp') expect({ line, ...ended }).not.toMatchObject({ output: '' })
  }
})

test('the examples of every command are lines that begin with it, or feed it', () => {
  for (const { name, examples } of commands)
    for (const line of examples) expect(line).toMatch(new RegExp(`\\bbellhop ${name}\\b`))
})

/** Those of whom the examples speak: claude answers whatever it is asked, rose reads. */
async function peopleAround(user: User): Promise<void> {
  prepare(user)
  await user.types('bellhop register anna')
  const claude = await startClient({ ...user.env }, 'claude')
  claude.client.on('message', ({ id, from, kind }) => {
    void claude.client.ack([id], 'shown', 'fetch')
    // The test may be over before the hub has confirmed it.
    if (kind === 'message') claude.client.send({ to: from, content: 'yes', replyTo: id }).catch(() => undefined)
  })
  const rose = await startClient({ ...user.env }, 'rose')
  rose.client.on('message', ({ id }) => void rose.client.ack([id], 'shown', 'fetch'))
}

/** What the examples speak of. */
function prepare({ cwd, env }: User): void {
  writeOldDatabase(join(env['HOME']!, '.claude-ipc-data'), {
    messages: [{ from_id: 'fred', to_id: 'barney', content: 'from the old days' }],
    instances: { fred: oldTime(Date.now()) },
  })
  writeFileSync(join(cwd, 'notes.md'), '# Notes\n')
  writeFileSync(join(cwd, 'answer.md'), 'Yes, it is.\n')
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd })
  git('init', '-q')
  git('commit', '-q', '--allow-empty', '-m', 'first')
}
