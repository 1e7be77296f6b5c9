import type { Moment } from '../local/wire.ts'
import { sourceOf } from './codex-transcript.ts'
import { isOnTerminal, isStartedWith } from './process-facts.ts'

/** What an assistant tells a hook on stdin: fields that are looked at, all of them unchecked. */
export type Payload = Readonly<Record<string, unknown>>

interface HookEvent {
  readonly moment: Moment
  /** The JSON that puts a text before the model at this event. */
  readonly output: (text: string) => object
}

/** One assistant's hooks, as it calls them and as it wants them answered. */
export interface HookedAssistant {
  readonly events: Readonly<Record<string, HookEvent>>
  /** Characters of a text that the model gets whole. */
  readonly budget: number
  /** The process that started the shim, where the hook is told; otherwise one of its ancestors is. */
  readonly owner?: (env: NodeJS.ProcessEnv) => number | undefined
  /** The conversation, where one process holds several. */
  readonly session?: (payload: Payload) => string | undefined
  /** True where the assistant and its user do not see what the hook answers: inside a subagent, for one. */
  readonly isUnseen?: (payload: Payload) => boolean
  /** True at the end of the tool that runs subagents, where these bear no mark of their own (Gemini CLI). */
  readonly endsSubagent?: (payload: Payload) => boolean
  /** True in a run without a person, which ends with its turn. */
  readonly isHeadless: (facts: RunFacts) => boolean
}

/** What a hook can know of the run that it belongs to. */
interface RunFacts {
  readonly env: NodeJS.ProcessEnv
  /** Nearest first. */
  readonly ancestors: readonly number[]
  readonly payload: Payload
}

/** Claude Code keeps a longer text in a file and shows a preview: at some 10,000 characters. */
const budget = 9_500

/** What is said to the person where an assistant would show them the mail that keeps it at work. */
const notice = 'Bellhop: new mail.'

function context(hookEventName: string, moment: Moment): HookEvent {
  return { moment, output: (additionalContext) => ({ hookSpecificOutput: { hookEventName, additionalContext } }) }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export const hookedAssistants: Readonly<Record<string, HookedAssistant>> = {
  'claude-code': {
    events: {
      UserPromptSubmit: context('UserPromptSubmit', 'prompt'),
      PostToolUse: context('PostToolUse', 'tool-end'),
      // Not as a blocking reason: that would be shown twice, with this hook's command line.
      Stop: context('Stop', 'end-of-turn'),
    },
    budget,
    owner: ({ CLAUDE_PID }) => Number(CLAUDE_PID) || undefined,
    isUnseen: ({ agent_id }) => agent_id !== undefined,
    isHeadless: ({ env }) => env['CLAUDE_CODE_ENTRYPOINT']?.startsWith('sdk') ?? false,
  },
  codex: {
    events: {
      UserPromptSubmit: context('UserPromptSubmit', 'prompt'),
      PostToolUse: context('PostToolUse', 'tool-end'),
      Stop: { moment: 'end-of-turn', output: (reason) => ({ decision: 'block', reason }) },
    },
    budget,
    session: ({ session_id }) => text(session_id),
    isUnseen: ({ agent_id }) => agent_id !== undefined,
    // A daemon's hooks have its processes above them, and not the person's: the transcript knows.
    // One that is not written yet tells nothing: then the turn ends as if nobody were there.
    isHeadless: ({ payload }) => ['exec', undefined].includes(sourceOf(text(payload['transcript_path']))),
  },
  gemini: {
    events: {
      BeforeAgent: context('BeforeAgent', 'prompt'),
      BeforeTool: { moment: 'subagent', output: () => ({}) },
      AfterTool: context('AfterTool', 'tool-end'),
      AfterAgent: {
        moment: 'end-of-turn',
        // Without a message of its own the person is shown the reason, and so the whole mail.
        output: (reason) => ({ decision: 'deny', reason, systemMessage: notice }),
      },
    },
    budget,
    endsSubagent: ({ hook_event_name, tool_name }) => hook_event_name === 'AfterTool' && tool_name === 'invoke_agent',
    // Its own rule, as far as it can be seen from outside.
    isHeadless: ({ env, ancestors }) =>
      env['CI'] === 'true' ||
      env['GITHUB_ACTIONS'] === 'true' ||
      isStartedWith(ancestors, ['-p', '--prompt']) ||
      !isOnTerminal(ancestors),
  },
  cursor: {
    events: {
      // It has no prompt hook that could show anything.
      sessionStart: { moment: 'prompt', output: (additional_context) => ({ additional_context }) },
      postToolUse: { moment: 'tool-end', output: (additional_context) => ({ additional_context }) },
      stop: { moment: 'end-of-turn', output: (followup_message) => ({ followup_message }) },
    },
    budget,
    isHeadless: ({ ancestors }) => isStartedWith(ancestors, ['-p', '--print']),
  },
}
