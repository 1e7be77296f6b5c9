/**
 * What a shim and the programs beside the same assistant (hooks, wakers, plugins, the doctor) say to each
 * other: one JSON object in a line, over the shim's Unix-domain socket. Both ends come from the same
 * installation, so there is a version and no negotiation: who does not understand says nothing.
 */
export const wireVersion = 1

/** Bytes of one line. A hook's question is short; the longest answer is a whole result of mail. */
export const lineBytes = 256 * 1024

/** When in an assistant's work a hook runs. `subagent`: one begins, and the next ends of tools are its own. */
export const moments = ['prompt', 'tool-end', 'end-of-turn', 'subagent'] as const
export type Moment = (typeof moments)[number]

/** Programs that can wake an idle assistant, each in its own way. */
export const listenerKinds = ['monitor', 'rewake', 'opencode'] as const
export type ListenerKind = (typeof listenerKinds)[number]

/** Who asks: a shim answers `stranger` to a program of another assistant or conversation. */
export interface Caller {
  readonly v: typeof wireVersion
  /** The assistant's id; absent: whichever it is. */
  readonly assistant?: string
  /** The conversation, where one process of the assistant holds several (Codex: the thread). */
  readonly session?: string
  /** With `session`: take it for this shim's own if it knows none so far. */
  readonly adopt?: true
}

/** The first line of a connection. */
export type Question = Caller &
  (
    | {
        readonly ask: 'show'
        readonly moment: Moment
        /** Characters that the assistant shows whole. */
        readonly budget: number
        /** The run ends with its turn: nothing may prolong it. */
        readonly headless?: true
        /** With `tool-end`: the tool was a subagent, which has ended. */
        readonly subagentEnded?: true
      }
    | { readonly ask: 'listen'; readonly kind: ListenerKind }
    | { readonly ask: 'about' }
  )

/** What the asking program says when it has handed the mail on; it leaves without a word where it could not. */
export interface Settlement {
  readonly outcome: 'written'
}

export type Answer =
  /** Not this shim: ask the next. */
  | { readonly kind: 'stranger' }
  /** Perhaps this shim: it knows no conversation yet. Ask again with `adopt` if it is the only one. */
  | { readonly kind: 'unsure' }
  | { readonly kind: 'nothing' }
  /** Fenced mail. It counts as shown when a `Settlement` says that it was written. */
  | { readonly kind: 'mail'; readonly text: string }
  | { readonly kind: 'settled' }
  /** The bell, as often as it rings: a sentence without a peer's words. */
  | { readonly kind: 'ring'; readonly text: string }
  /** A newer listener of the same kind has come: this one is not needed any more. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'about'; readonly shim: About }

/** A running shim, for the doctor. */
export interface About {
  readonly pid: number
  /** The process that started it. */
  readonly parent: number
  /** MCP's name of the assistant, as in `clientInfo`. */
  readonly client: string
  readonly name: string | undefined
  readonly cwd: string
  /** Routes that are open now. */
  readonly routes: readonly string[]
  readonly unread: number
}
