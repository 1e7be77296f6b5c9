/** The part of opencode's plugin API (1.18) that we use. Nothing of it is checked by opencode or by types: treat it so. */

export interface TextPart {
  readonly id: string
  readonly sessionID: string
  readonly messageID: string
  readonly type: 'text'
  readonly text: string
  /** Goes to the model, and is not shown to the person. */
  readonly synthetic: true
}

/** Who answers a prompt. Without them opencode takes its defaults, also where the person works in Plan mode. */
export interface Speaker {
  readonly agent?: string
  readonly model?: { readonly providerID: string; readonly modelID: string }
  /** Of the model: how much it thinks. */
  readonly variant?: string
}

export interface UserMessage {
  readonly id: string
  readonly agent?: string
  readonly model?: { readonly providerID: string; readonly modelID: string; readonly variant?: string }
}

export interface Part {
  readonly id?: string
  readonly type: string
  readonly text?: string
}

export interface PromptRequest {
  readonly path: { readonly id: string }
  readonly body: Speaker & {
    readonly parts: readonly { readonly type: 'text'; readonly text: string; readonly synthetic?: true }[]
  }
}

/** What opencode hands to a plugin, as far as we look at it. */
export interface PluginInput {
  /** The project that it works in. */
  readonly directory: string
  readonly client: {
    readonly session: {
      /** Resolves when the prompt is accepted, with `error` where it is not. A busy session queues it. */
      promptAsync(request: PromptRequest): Promise<{ readonly error?: unknown }>
    }
  }
}

export interface OpencodeEvent {
  readonly type: string
  readonly properties?: {
    readonly sessionID?: string
    readonly info?: { readonly id?: string; readonly parentID?: string }
    readonly status?: { readonly type?: string }
    readonly error?: { readonly name?: string }
  }
}

/** What a tool has answered: a text for opencode's own tools, MCP's content for those of servers. */
export interface ToolOutput {
  output?: unknown
  readonly content?: unknown
}

/** opencode waits for each of these. What one throws fails the prompt or the tool. */
export interface Hooks {
  readonly config: (config: unknown) => Promise<void>
  readonly event: (input: { readonly event: OpencodeEvent }) => Promise<void>
  readonly 'chat.message': (
    input: { readonly sessionID: string },
    output: { readonly message: UserMessage; readonly parts: Part[] },
  ) => Promise<void>
  readonly 'tool.execute.after': (
    input: { readonly tool: string; readonly sessionID: string },
    output: ToolOutput | undefined,
  ) => Promise<void>
}
