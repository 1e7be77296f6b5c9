import type { AssistantId } from './index.ts'

/** The ways by which mail can reach a model, as finely as assistants differ in them. */
export const ways = {
  tool_result: 'tool result',
  wait: '`wait`',
  hook_session_start: 'hook: session start',
  hook_prompt: 'hook: prompt',
  hook_tool_end: 'hook: tool end',
  hook_end_of_turn: 'hook: end of turn',
  wake: 'idle wake',
  channel: 'channel',
} as const
export type Way = keyof typeof ways

/** What is known of one way in one assistant. */
export type Standing =
  /** A test runs the real assistant, and finds the mail in what its model is sent. */
  | { readonly kind: 'proven'; readonly test: string; readonly by?: string }
  /** The vendor says so, or it is plain MCP; nobody has seen it here. */
  | { readonly kind: 'documented'; readonly by?: string }
  /** It could be done, and would lose mail or truth. */
  | { readonly kind: 'avoided'; readonly why: string }
  | { readonly kind: 'impossible' }

/** `test`: a file in test/assistants, without its ending. `by`: what does it, where there are several. */
const proven = (test: string, by?: string): Standing => ({ kind: 'proven', test, ...(by !== undefined && { by }) })
const documented = (by?: string): Standing => ({ kind: 'documented', ...(by !== undefined && { by }) })
/** What a hook says there waits for the first prompt, and is lost where none follows. */
const leftToPrompt: Standing = { kind: 'avoided', why: 'left to the prompt, which shows it in the same request' }
const impossible: Standing = { kind: 'impossible' }

const toolsOnly: Readonly<Record<Way, Standing>> = {
  tool_result: documented(),
  wait: documented(),
  hook_session_start: impossible,
  hook_prompt: impossible,
  hook_tool_end: impossible,
  hook_end_of_turn: impossible,
  wake: impossible,
  channel: impossible,
}

/** The table of truth: how mail reaches which assistant, and how sure that is. */
export const reach: Readonly<Record<AssistantId, Readonly<Record<Way, Standing>>>> = {
  'claude-code': {
    tool_result: proven('claude-code'),
    wait: proven('claude-code'),
    hook_session_start: leftToPrompt,
    hook_prompt: proven('claude-code-hooks'),
    hook_tool_end: proven('claude-code-hooks'),
    hook_end_of_turn: proven('claude-code-hooks'),
    wake: proven('claude-code-wake', "asyncRewake hooks, or the plugin's monitor"),
    channel: documented(),
  },
  codex: {
    ...toolsOnly,
    tool_result: proven('codex'),
    wait: proven('codex'),
    hook_session_start: leftToPrompt,
    hook_prompt: proven('codex-hooks'),
    hook_tool_end: proven('codex-hooks'),
    hook_end_of_turn: proven('codex-hooks'),
    wake: proven('codex-wake', '`codex queue`'),
  },
  gemini: {
    ...toolsOnly,
    tool_result: proven('gemini'),
    wait: proven('gemini'),
    hook_session_start: leftToPrompt,
    hook_prompt: proven('gemini-hooks'),
    hook_tool_end: proven('gemini-hooks'),
    hook_end_of_turn: proven('gemini-hooks'),
  },
  opencode: {
    ...toolsOnly,
    tool_result: proven('opencode'),
    wait: proven('opencode'),
    hook_prompt: proven('opencode-plugin'),
    hook_tool_end: proven('opencode-plugin'),
    wake: proven('opencode-plugin', '`prompt_async`, by the plugin'),
  },
  cursor: {
    ...toolsOnly,
    hook_session_start: documented(),
    hook_tool_end: documented(),
    hook_end_of_turn: documented(),
  },
  vscode: toolsOnly,
  windsurf: toolsOnly,
  'claude-desktop': toolsOnly,
}

/** What can announce mail to an assistant. */
export const wakerIds = ['monitor', 'rewake', 'codex_queue', 'opencode', 'channel'] as const
export type WakerId = (typeof wakerIds)[number]

/** The wakers of each assistant, best first: only the first that is ready rings. */
export const wakers: Readonly<Record<AssistantId, readonly WakerId[]>> = {
  'claude-code': ['monitor', 'rewake', 'channel'],
  codex: ['codex_queue'],
  gemini: [],
  opencode: ['opencode'],
  cursor: [],
  vscode: [],
  windsurf: [],
  'claude-desktop': [],
}

/** Whether this assistant has hooks that show mail; for one that nobody knows, no. */
export function hasHooks(assistant: AssistantId | undefined): boolean {
  if (assistant === undefined) return false
  const row = reach[assistant]
  return [row.hook_prompt, row.hook_tool_end, row.hook_end_of_turn].some(({ kind }) => kind !== 'impossible')
}

export function canWake(assistant: AssistantId | undefined): boolean {
  return assistant !== undefined && reach[assistant].wake.kind !== 'impossible'
}
