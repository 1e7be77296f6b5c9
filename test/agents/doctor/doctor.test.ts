import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { examineRuntime } from '../../../agents/doctor/index.ts'
import { startClient } from '../../support/clients.ts'
import { homeWithHub } from '../../support/hub-process.ts'
import { hookText } from '../../support/hooks.ts'
import { startAssistant } from '../../support/shims.ts'
import { Rig } from '../install/rig.ts'

interface Report {
  readonly findings: readonly { readonly standing: string; readonly topic: string; readonly text: string }[]
  readonly canaries: readonly { readonly name: string; readonly shown?: { readonly route: string } }[]
}

/** Runs the doctor on a rig, for its findings. */
async function examine(rig: Rig, ...words: string[]): Promise<Report & { code: number }> {
  const { code, output } = await rig.bellhop(`doctor --json ${words.join(' ')}`.trim())
  return { code, ...(JSON.parse(output) as Report) }
}

/** A user whose home is that of a running hub. */
function rigOf(env: Record<string, string>): Rig {
  return new Rig({ env, home: env['BELLHOP_HOME']! })
}

test('a machine that has nothing yet: no fault, and the next step for each', async () => {
  const rig = new Rig({ env: { BELLHOP_HOME: join(new Rig().machine.userFolder, 'nowhere') } })
  const { code, output } = await rig.bellhop('doctor')
  expect(code).toBe(0)
  expect(output).toContain('is not there yet')
  expect(output).toContain('No hub is running')
  expect(output).toContain('No assistant that Bellhop knows was found')
  expect(output).not.toContain('BAD')
})

test('a hub that runs, an assistant that is set up, and a session', async () => {
  const { env } = homeWithHub()
  await startClient(env, 'rose')
  const claude = await startAssistant(env, 'claude', 'claude-code')
  const rig = rigOf(env)
  mkdirSync(dirname(rig.pathOf('cursor', 'registration')), { recursive: true })
  await rig.bellhop('install cursor --hooks --yes --no-verify')
  const { code, findings } = await examine(rig)
  expect(findings.filter(({ standing }) => standing !== 'good')).toEqual([])
  expect(code).toBe(0)
  const texts = findings.map(({ text }) => text).join('\n')
  expect(texts).toContain('both sides have proven themselves: version 0.1.0, 2 agents, 2 online')
  expect(texts).toContain('Cursor knows Bellhop\nCursor has its hooks')
  expect(texts).toMatch(/Claude Code in .* is "claude", reached by tool_result; 0 unread/)
  await claude.stop()
})

test('files that others can read, an older checkout, a broken file: each with its fix', async () => {
  const { env } = homeWithHub()
  await startClient(env, 'rose')
  const home = env['BELLHOP_HOME']!
  chmodSync(home, 0o755)
  chmodSync(join(home, 'secret'), 0o644)
  const rig = rigOf(env)
  await rig.moved().bellhop('install windsurf --yes --no-verify')
  const broken = rig.pathOf('cursor', 'registration')
  mkdirSync(dirname(broken), { recursive: true })
  writeFileSync(broken, '{ "mcpServers": ')
  const { code, output } = await rig.bellhop('doctor')
  expect(code).toBe(1)
  expect(output).toContain(`chmod 700 ${home}`)
  expect(output).toContain(`chmod 600 ${join(home, 'secret')}`)
  expect(output).toMatch(/BAD {3}assistant +Windsurf starts another Bellhop[^\n]*\n +→ bellhop install windsurf/)
  expect(output).toMatch(/BAD {3}assistant +Cursor: [^\n]*mcp\.json/)
})

test('a hub that has another secret is named as such', async () => {
  const { env } = homeWithHub({ BELLHOP_SECRET: 'the right secret, long' })
  await startClient(env, 'rose')
  const hub = `unix:${env['BELLHOP_HOME']}/hub.sock`
  const rig = new Rig({ env: { BELLHOP_URL: hub, BELLHOP_SECRET: 'the wrong secret, long' } })
  const { code, findings } = await examine(rig)
  expect(code).toBe(1)
  expect(findings.find(({ topic }) => topic === 'hub')).toMatchObject({ standing: 'bad' })
})

test('runtimes that are too old are named', () => {
  expect(examineRuntime('22.17.9')[0]).toMatchObject({ standing: 'bad', text: 'Node 22.17.9 is too old.' })
  expect(examineRuntime('22.18.0')[0]).toMatchObject({ standing: 'good' })
  expect(examineRuntime('24.1.0')[0]).toMatchObject({ standing: 'good' })
})

test('a canary to every session of an assistant: shown, and by which route', async () => {
  const { env } = homeWithHub()
  await startClient(env, 'rose')
  await startAssistant(env, 'claude', 'claude-code')
  const rig = rigOf(env)
  const report = examine(rig, '--canary', 'claude-code')
  // The assistant at work: its hook runs at every tool's end, until it has something to show.
  while ((await hookText('PostToolUse', env)) === undefined) continue
  const { code, canaries } = await report
  expect(canaries).toMatchObject([{ name: 'claude', shown: { state: 'shown', route: 'hook' } }])
  expect(code).toBe(0)
})

test('a canary that nobody sees is a failure, and expires soon', async () => {
  const { env } = homeWithHub()
  const rose = await startClient(env, 'rose')
  const { code, output } = await rigOf(env).bellhop('doctor --canary rose --seconds 0.2')
  expect(code).toBe(1)
  expect(output).toContain('It was not shown within 0.2 s.')
  expect(output).toContain('It expires 60 s after it was sent')
  expect(rose.messages).toMatchObject([{ content: expect.stringContaining('do not answer') as string }])
  expect((await rigOf(env).bellhop('doctor --canary nobody --seconds 9')).output).toContain(
    'Nobody is registered as "nobody".',
  )
  const { agents } = await rose.client.request('list', {})
  expect(agents.map(({ name }) => name)).toEqual(['rose'])
})

test('a canary to an assistant that does not run, and to no name at all, says what to do', async () => {
  const { env } = homeWithHub()
  await startClient(env, 'rose')
  const rig = rigOf(env)
  const absent = await rig.bellhop('doctor --canary gemini')
  expect([absent.code, absent.output]).toEqual([1, expect.stringContaining('No session of Gemini CLI runs here')])
  const nonsense = await rig.bellhop('doctor --canary no_such!')
  expect([nonsense.code, nonsense.output]).toEqual([1, expect.stringContaining('neither an assistant')])
  expect((await rig.bellhop('doctor --seconds soon')).code).toBe(2)
})
