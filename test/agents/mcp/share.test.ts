import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { permitCommand } from '../../../agents/mcp/share/permission.ts'
import { runCommand } from '../../../agents/mcp/share/run.ts'
import { splitCommand } from '../../../agents/mcp/share/words.ts'
import { rig, structured, temporaryFolder, text } from './rig.ts'

const node = JSON.stringify(process.execPath)
const env = { PATH: process.env['PATH'], BELLHOP_ALLOW_COMMANDS: '*' }

describe('share_file', () => {
  test('a small text goes inside the message, with path and description', async () => {
    const { call, client, cwd } = await rig()
    await writeFile(join(cwd, 'a.txt'), 'héllo')
    const result = await call('share_file', { to: '@rose', path: 'a.txt', description: 'a greeting' })
    expect(result.isError).not.toBe(true)
    expect(client.sent[0]).toMatchObject({
      to: 'rose',
      content: expect.stringMatching(/^File \S+a\.txt \(6 bytes\): a greeting\n\nhéllo$/) as string,
      data: { kind: 'file', description: 'a greeting', size: 6 },
    })
    // The sender's path is shown once.
    expect(JSON.stringify(client.sent[0]).split(cwd)).toHaveLength(2)
    expect(client.uploads).toEqual([])
  })

  test.for([
    ['large', Buffer.from('x'.repeat(8 * 1024 + 1)), 'text/plain; charset=utf-8'],
    ['binary', Buffer.from([0xff, 0xfe]), 'application/octet-stream'],
  ] as const)('a %s file is uploaded', async ([name, bytes, mediaType]) => {
    const { call, client, cwd } = await rig()
    await writeFile(join(cwd, name), bytes)
    await call('share_file', { to: 'rose', path: join(cwd, name) })
    expect(client.uploads).toEqual([{ bytes, mediaType, fileName: name }])
    expect(client.sent[0]).toMatchObject({ blob: 'h'.repeat(21), data: { kind: 'file', size: bytes.byteLength } })
  })

  test("never from Bellhop's own folder, not by a link either", async () => {
    const { call, client, home, cwd } = await rig()
    await mkdir(join(home, '..keys'))
    await writeFile(join(home, '..keys', 'secret'), 'x')
    await symlink(join(home, '..keys', 'secret'), join(cwd, 'link'))
    for (const path of [join(home, '..keys', 'secret'), 'link']) {
      const result = await call('share_file', { to: 'rose', path })
      expect(structured(result).error?.reason).toBe('file_private')
      expect(text(result)).toContain('Next step: Choose another file')
    }
    expect(client.sent).toEqual([])
  })

  test('only regular files, of at most 16 MiB, that are there', async () => {
    const { call, cwd } = await rig()
    await writeFile(join(cwd, 'huge'), '')
    await truncate(join(cwd, 'huge'), 16 * 1024 * 1024 + 1)
    const signal = new AbortController().signal
    await runCommand(['mkfifo', join(cwd, 'pipe')], { cwd, env: process.env, signal })
    const reasons: unknown[] = []
    for (const path of ['.', 'pipe', 'huge', 'nowhere']) {
      const result = await call('share_file', { to: 'rose', path })
      expect(text(result)).toContain('Nothing was sent.\nNext step: ')
      reasons.push(structured(result).error?.reason)
    }
    expect(reasons).toEqual(['file_not_regular', 'file_not_regular', 'file_too_large', 'file_unreadable'])
  })

  test('without a name nothing is read', async () => {
    const { call } = await rig({ registered: null })
    expect(structured(await call('share_file', { to: 'rose', path: 'x' })).error?.reason).toBe('not_registered')
  })
})

describe('share_command', () => {
  test('[S-8] off until the person who set it up allows it, and the refusal says how', async () => {
    const { call, client } = await rig()
    const result = await call('share_command', { to: 'rose', command: 'ls' })
    expect(structured(result).error?.reason).toBe('commands_off')
    expect(text(result)).toContain('BELLHOP_ALLOW_COMMANDS="git,npm"')
    expect(client.sent).toEqual([])
  })

  test('sends output, errors and exit code', async () => {
    const { call, client } = await rig({ env })
    const command = `${node} -e 'console.log("out"); console.error("err"); process.exitCode = 3'`
    const result = await call('share_command', { to: 'rose', command, description: 'a try' })
    expect(text(result)).toContain('(exit code 3)')
    expect(text(result)).toContain('stdout:\nout\n\n\nstderr:\nerr\n')
    expect(structured(result).result).toMatchObject({ output: 'stdout:\nout\n\n\nstderr:\nerr\n' })
    expect(client.sent[0]).toMatchObject({
      to: 'rose',
      content: expect.stringMatching(/a try\n\nResult: exit code 3\n\nstdout:\nout\n\n\nstderr:\nerr\n$/) as string,
      data: { kind: 'command', command, exitCode: 3, endedBy: 'itself', truncated: false },
    })
  })

  test("the caller's own result holds the beginning of a long output, and says that it is cut", async () => {
    const { call, client } = await rig({ env })
    const command = `${node} -e 'process.stdout.write("xéé".repeat(3000)); process.stderr.write("\\x1b[31mred")'`
    const result = await call('share_command', { to: 'rose', command })
    const output = String(structured(result).result?.['output'])
    // The cut goes through the second é of the last group.
    expect(output).toMatch(/^stdout \(cut here: the first 1 KiB of 15 KiB\):\n(xéé){204}xé\n\nstderr:\nred$/)
    expect(text(result)).toContain(output)
    expect(client.sent[0]?.content).toContain('xéé'.repeat(3000))
  })

  test('a program that is not there', async () => {
    const { call, client } = await rig({ env })
    const result = await call('share_command', { to: 'rose', command: 'no-such-program-here' })
    expect(structured(result).error?.reason).toBe('command_failed')
    expect(client.sent).toEqual([])
  })

  test('without a name nothing is run', async () => {
    const { call } = await rig({ env, registered: null })
    expect(structured(await call('share_command', { to: 'x', command: 'ls' })).error?.reason).toBe('not_registered')
  })
})

describe('permission', () => {
  test.for([
    ['git status', 'git, npm', 'permitted'],
    ['npm test', 'git, npm', 'permitted'],
    ['anything', '*', 'permitted'],
    ['rm -r x', 'git,npm', 'command_not_allowed'],
    ['./git status', 'git', 'command_not_allowed'],
    ['git status; rm x', 'git', 'command_not_plain'],
    ['git status', '', 'commands_off'],
    ['git status', ' , ', 'commands_off'],
  ] as const)('%s with "%s": %s', ([command, allowed, verdict]) => {
    const permission = permitCommand(command, allowed)
    expect(permission.kind === 'refused' ? permission.refusal.reason : permission.kind).toBe(verdict)
  })
})

describe('command line', () => {
  test.for([
    ['git  log\t-1', ['git', 'log', '-1']],
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    [`a '' "" x''y`, ['a', '', '', 'xy']],
    [`a "b\\"c\\n" '\\'`, ['a', 'b"c\\n', '\\']],
    [`a '$x | y *' "*|"`, ['a', '$x | y *', '*|']],
  ] as const)('%s', ([command, words]) => {
    expect(splitCommand(command)).toEqual({ kind: 'words', words })
  })

  test.for([
    'a | b',
    'a > b',
    'a && b',
    'a $(b)',
    'a $b',
    'a "$b"',
    'a `b`',
    'a *.ts',
    'a\nb',
    "a 'b",
    'a \\',
    '  ',
    '""',
  ])('needs a shell, or is nothing: %j', (command) => {
    expect(splitCommand(command)).toMatchObject({ kind: 'not-plain' })
  })
})

describe('running', () => {
  const signal = new AbortController().signal

  async function run(
    script: string,
    options: { limitMs?: number; env?: Record<string, string>; signal?: AbortSignal } = {},
  ) {
    const cwd = await temporaryFolder()
    const result = await runCommand([process.execPath, '-e', script], { cwd, env: {}, signal, ...options })
    if (result.kind !== 'finished') throw new Error(result.problem)
    return result
  }

  test('at the time limit it is killed, with its children', async () => {
    const script = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'inherit' })`
    expect(await run(script, { limitMs: 300 })).toMatchObject({ endedBy: 'time-limit' })
  })

  test('1 MiB of output is kept', async () => {
    const { stdout, truncated, exitCode } = await run(`process.stdout.write('x'.repeat(3 << 20))`)
    expect({ bytes: stdout.length, truncated, exitCode }).toEqual({ bytes: 1 << 20, truncated: true, exitCode: 0 })
  })

  test('its stdin is closed', async () => {
    expect((await run(`process.stdin.resume().on('end', () => console.log('end'))`)).stdout).toBe('end\n')
  })

  test('it does not get secrets', async () => {
    const env = { BELLHOP_SECRET: 's', IPC_SHARED_SECRET: 's', CLAUDE_CODE_MESSAGING_TOKEN: 's', KEPT: 'yes' }
    const { stdout } = await run(`console.log(Object.keys(process.env).join())`, { env })
    expect(stdout).toContain('KEPT')
    expect(stdout).not.toMatch(/BELLHOP|IPC_SHARED|CLAUDE_CODE/)
  })

  test('a cancelled call kills it', async () => {
    const abort = new AbortController()
    const running = run(`setInterval(() => {}, 1e6)`, { signal: abort.signal })
    abort.abort()
    expect(await running).toMatchObject({ exitCode: null })
  })
})
