import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { AssistantId } from '../../../agents/assistants/index.ts'
import { hookedAssistants } from '../../../agents/hook/assistants.ts'
import { hookEvents, type HookedId } from '../../../agents/install/hook-events.ts'
import { Rig } from './rig.ts'

const call = '"/usr/bin/node" "/opt/bellhop source/agents/cli/main.ts" hook'

async function hooksOf(assistant: AssistantId): Promise<unknown> {
  const rig = new Rig()
  await rig.bellhop(`install ${assistant} --yes --hooks`)
  return (JSON.parse(readFileSync(rig.pathOf(assistant, 'hooks'), 'utf8')) as { hooks: unknown }).hooks
}

test('Claude Code: a hook in seconds at each event, and a waker with a day at three of them', async () => {
  const context = { type: 'command', command: `${call} claude-code`, timeout: 5 }
  const wake = { type: 'command', command: `${call} claude-code wake`, asyncRewake: true, timeout: 86_400 }
  expect(await hooksOf('claude-code')).toEqual({
    SessionStart: [{ hooks: [wake] }],
    UserPromptSubmit: [{ hooks: [context, wake] }],
    PostToolUse: [{ hooks: [context] }],
    Stop: [{ hooks: [context, wake] }],
  })
})

test('Codex: a hook in seconds at each event', async () => {
  const group = [{ hooks: [{ type: 'command', command: `${call} codex`, timeout: 5 }] }]
  expect(await hooksOf('codex')).toEqual({
    UserPromptSubmit: group,
    PostToolUse: group,
    Stop: group,
  })
})

test('Gemini CLI: a hook in milliseconds at each event, before a tool only for subagents', async () => {
  const hooks = [{ name: 'bellhop', type: 'command', command: `${call} gemini`, timeout: 5_000 }]
  expect(await hooksOf('gemini')).toEqual({
    BeforeAgent: [{ hooks }],
    BeforeTool: [{ matcher: 'invoke_agent', hooks }],
    AfterTool: [{ hooks }],
    AfterAgent: [{ hooks }],
  })
})

test('Cursor: a flat list, with a limit where a hook may go on by itself', async () => {
  const hook = { command: `${call} cursor`, timeout: 5 }
  expect(await hooksOf('cursor')).toEqual({
    sessionStart: [hook],
    postToolUse: [hook],
    stop: [{ ...hook, loop_limit: 5 }],
  })
})

test.each(Object.keys(hookEvents) as HookedId[])(
  '%s: every event at which mail is shown is one that the hook knows',
  (id) => {
    const known = Object.keys(hookedAssistants[id]?.events ?? {})
    const installed = Object.entries(hookEvents[id].events as Readonly<Record<string, readonly string[]>>)
    const showing = installed.filter(([, kinds]) => kinds.includes('context')).map(([event]) => event)
    expect(showing).not.toEqual([])
    for (const event of showing) expect(known).toContain(event)
  },
)

test('a home that is not the usual one is told to the shim and to its hooks alike', async () => {
  const rig = new Rig({ env: { BELLHOP_HOME: '/srv/my bellhop' } })
  await rig.bellhop('install gemini --yes --hooks --no-verify')
  const settings = JSON.parse(readFileSync(rig.pathOf('gemini', 'hooks'), 'utf8')) as {
    readonly mcpServers: { readonly bellhop: { readonly args: readonly string[] } }
    readonly hooks: Record<string, readonly { readonly hooks: readonly { readonly command: string }[] }[]>
  }
  expect(settings.mcpServers.bellhop.args.slice(1)).toEqual(['--home', '/srv/my bellhop'])
  expect(settings.hooks['AfterTool']?.[0]?.hooks[0]?.command).toBe(`${call} gemini --home "/srv/my bellhop"`)
})
