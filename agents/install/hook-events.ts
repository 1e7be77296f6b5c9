import type { AssistantId } from '../assistants/index.ts'

/** `context` shows mail at the event; `wake` lives on after it, and wakes the idle session when mail comes. */
export type HookKind = 'context' | 'wake'

/** How an assistant wants its hooks written. */
export interface HookTable {
  /** `groups`: a list of groups with a list of hooks each. `flat`: a list of hooks. */
  readonly shape: 'groups' | 'flat'
  readonly events: Readonly<Record<string, readonly HookKind[]>>
  /** A hook with its command. */
  readonly hook: Readonly<Partial<Record<HookKind, (command: string) => Readonly<Record<string, unknown>>>>>
  /** The tools that an event is wanted for, where not for all. */
  readonly matchers?: Readonly<Record<string, string>>
  /** Further members, for the hooks of one event. */
  readonly atEvent?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** Seconds that a hook may take: it ends long before, and an assistant must not hang with a machine that does. */
const contextSeconds = 5
/** Seconds that a waker may wait for mail: a day, since the default of ten minutes would end it in silence. */
const wakeSeconds = 86_400
/** Turns in a row that mail may add to the end of one, in Cursor: its own default. */
const cursorFollowups = 5

const contextHook = (command: string) => ({ type: 'command', command, timeout: contextSeconds })

export const hookEvents = {
  'claude-code': {
    shape: 'groups',
    events: {
      SessionStart: ['wake'],
      UserPromptSubmit: ['context', 'wake'],
      PostToolUse: ['context'],
      Stop: ['context', 'wake'],
    },
    hook: {
      context: contextHook,
      wake: (command) => ({ type: 'command', command, asyncRewake: true, timeout: wakeSeconds }),
    },
  },
  codex: {
    shape: 'groups',
    events: { UserPromptSubmit: ['context'], PostToolUse: ['context'], Stop: ['context'] },
    hook: { context: contextHook },
  },
  gemini: {
    shape: 'groups',
    events: {
      BeforeAgent: ['context'],
      BeforeTool: ['context'],
      AfterTool: ['context'],
      AfterAgent: ['context'],
    },
    // Says that a subagent begins, which is not to be shown what its parent should know.
    matchers: { BeforeTool: 'invoke_agent' },
    // In milliseconds here.
    hook: { context: (command) => ({ name: 'bellhop', type: 'command', command, timeout: contextSeconds * 1000 }) },
  },
  cursor: {
    shape: 'flat',
    events: { sessionStart: ['context'], postToolUse: ['context'], stop: ['context'] },
    hook: { context: (command) => ({ command, timeout: contextSeconds }) },
    atEvent: { stop: { loop_limit: cursorFollowups } },
  },
} as const satisfies Partial<Record<AssistantId, HookTable>>
export type HookedId = keyof typeof hookEvents
