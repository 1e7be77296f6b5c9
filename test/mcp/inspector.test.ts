import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { expect, test, type TestContext } from 'vitest'
import { bareEnvironment, startHeadless } from '../assistants/headless.ts'
import { requireTool } from '../assistants/tools.ts'
import { shimScript } from '../support/assistant.ts'
import { startClient } from '../support/clients.ts'
import { startTestHub } from '../support/hub.ts'
import { temporaryFolder } from '../support/teardown.ts'

/** Milliseconds for a whole test: the Inspector and a shim are started for every call. */
const patienceMs = 180_000

/** The Inspector's exit code for a result that says isError. */
const toolErrorCode = 5

interface Call {
  readonly args: Readonly<Record<string, unknown>>
  /** Default: false. */
  readonly isError?: true
  /** Whether its shim has a name already; default: true. */
  readonly named?: false
}

/** A file that the shims can share, in their working directory. */
const sharedFile = 'notes.txt'

/** One call for every tool: a tool without a row fails the test. */
const calls: Readonly<Record<string, Call>> = {
  register: { args: { name: 'rose' }, named: false },
  send: { args: { to: 'claude', content: 'hello', data: { n: 1 }, priority: 'urgent' } },
  ask: { args: { to: 'claude', content: 'hello?', seconds: 1 } },
  broadcast: { args: { content: 'hello to all' } },
  check: { args: {} },
  wait: { args: { seconds: 1 } },
  list_instances: { args: {} },
  rename: { args: { name: 'renamed' } },
  join: { args: { topic: 'frontend' } },
  leave: { args: { topic: 'frontend' } },
  share_file: { args: { to: 'claude', path: sharedFile } },
  // Commands are off unless whoever set the shim up has allowed some.
  share_command: { args: { to: 'claude', command: 'node --version' }, isError: true },
  history: { args: { with: 'claude', limit: 3 } },
  receipts: { args: { limit: 3 } },
  auto_check: { args: { action: 'status' } },
}

interface Inspected {
  readonly code: number | null
  readonly result: Readonly<Record<string, unknown>>
}

type Inspector = (method: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Inspected>

/** The Inspector's command line before a new shim at every call, and a hub with one other agent, "claude". */
async function startInspector(context: TestContext): Promise<Inspector> {
  const program = requireTool('mcp-inspector', context)
  const hub = await startTestHub()
  const where = { BELLHOP_HOME: hub.home.folder, BELLHOP_URL: hub.url }
  await startClient(where, 'claude')
  const folder = temporaryFolder()
  writeFileSync(join(folder, sharedFile), 'A short file.')
  return async (method, env = {}) => {
    const settings = Object.entries({ ...where, ...env }).flatMap(([name, value]) => ['-e', `${name}=${value}`])
    const options = ['--cli', '--format', 'json', ...settings, process.execPath, shimScript, '--method', ...method]
    const run = startHeadless([process.execPath, program, ...options], { env: bareEnvironment(folder), cwd: folder })
    const { code, stdout, stderr } = await run.ended
    if (!stdout.startsWith('{"result":')) throw new Error(`${method.join(' ')} ended with ${code}: ${stderr}${stdout}`)
    return { code, result: (JSON.parse(stdout) as Pick<Inspected, 'result'>).result }
  }
}

/** The field that names the rows of a list. */
function column({ result }: Inspected, list: string, field: string): string[] {
  return (result[list] as Readonly<Record<string, unknown>>[]).map((row) => String(row[field]))
}

test(
  'the Inspector lists tools, resources and prompts of the shim, and finds no error in a schema',
  async (context) => {
    const inspect = await startInspector(context)
    // `--strict` ends with another code where a schema is not portable.
    const tools = await inspect(['tools/list', '--strict'])
    expect(tools.code).toBe(0)
    expect(column(tools, 'tools', 'name')).toContain('send')
    const resources = await inspect(['resources/list'])
    expect(column(resources, 'resources', 'uri')).toEqual(['bellhop://status', 'bellhop://inbox', 'bellhop://agents'])
    const prompts = await inspect(['prompts/list'])
    expect(column(prompts, 'prompts', 'name')).toEqual(
      expect.arrayContaining(['bellhop', 'register', 'msg', 'process']),
    )
  },
  patienceMs,
)

test(
  'the Inspector calls every tool of the shim, and each answers with a result',
  async (context) => {
    const inspect = await startInspector(context)
    const listed = column(await inspect(['tools/list']), 'tools', 'name')
    expect(listed.toSorted()).toEqual(Object.keys(calls).toSorted())
    for (const [tool, { args, isError = false, named = true }] of Object.entries(calls)) {
      const method = ['tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(args)]
      // A name of its own each: the one before may still be leaving.
      const { code, result } = await inspect(method, named ? { BELLHOP_NAME: `${tool}-caller` } : {})
      expect({ tool, code, ...result }).toMatchObject({
        tool,
        code: isError ? toolErrorCode : 0,
        content: [{ type: 'text', text: expect.stringMatching(/\S/) as unknown }],
        structuredContent: { ok: !isError },
      })
      expect(result['isError'] === true).toBe(isError)
    }
  },
  patienceMs,
)
