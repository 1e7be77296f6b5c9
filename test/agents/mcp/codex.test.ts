import { expect, test } from 'vitest'
import { rig } from './rig.ts'

/** What Codex writes beside a tool call. */
function metaOf(thread: string, turn_trigger: string, thread_source: string) {
  return { threadId: thread, 'x-codex-turn-metadata': { thread_id: thread, turn_trigger, thread_source } }
}

async function setUp(clientName = 'codex-mcp-client') {
  const bed = await rig({ clientName })
  const call = (thread: string, trigger = 'user', source = 'user') =>
    bed.mcp.callTool({ name: 'list_instances', arguments: {}, _meta: metaOf(thread, trigger, source) })
  const routes = () => bed.client.requests.filter(({ method }) => method === 'reach').map(({ params }) => params)
  return { call, routes }
}

test('[D-7] from the first tool call of a thread on, senders are told that it can be woken', async () => {
  const { call, routes } = await setUp()
  await call('thread-1')
  expect(routes()).toEqual([{ routes: ['tool_result', 'wake'] }])
  await call('thread-1')
  expect(routes()).toHaveLength(1)
})

test('a run of codex exec cannot, nor a subagent, nor another assistant that sends the same', async () => {
  const sub = await setUp()
  await sub.call('thread-2', 'user', 'subagent')
  expect(sub.routes()).toEqual([])
  const exec = await setUp()
  await exec.call('thread-1', 'exec')
  expect(exec.routes()).toEqual([])
  const other = await setUp('gemini-cli-mcp-client')
  await other.call('thread-1')
  expect(other.routes()).toEqual([])
})
