import type { ShimLink } from '../local/link.ts'
import type { Moment } from '../local/wire.ts'
import type { Hooks, OpencodeEvent, PluginInput, Speaker, UserMessage } from './api.ts'
import { budget } from './budget.ts'
import { homeIn } from './home.ts'
import { appendToOutput, partBehind } from './parts.ts'
import { within } from './patience.ts'
import { Sessions } from './sessions.ts'
import { Waker } from './waker.ts'

/** Milliseconds that a prompt, a tool result or a start may wait for us. Then they go on without mail. */
const patienceMs = 1_000
/** opencode names the tools of a server "server_tool". Results of our own carry their mail already. */
const ownTools = 'bellhop_'

export interface HookParts {
  readonly client: PluginInput['client']
  /** Undefined where the shim is not there (yet). The signal ends all that the link does. */
  readonly connect: (search: { home: string; signal: AbortSignal }) => Promise<ShimLink | undefined>
  /** A run that ends with its turn: it is shown mail, and never woken. */
  readonly headless: boolean
  readonly patience?: number
}

/** The hooks of one opencode process. They fail open: nothing is thrown, and nobody waits long. */
export function createHooks({ client, connect, headless, patience = patienceMs }: HookParts): Hooks {
  const sessions = new Sessions()
  let home = homeIn({})
  const find = (signal: AbortSignal): Promise<ShimLink | undefined> => connect({ home, signal })
  const waker = new Waker({ client, sessions, find })

  return {
    config: (config) => within(patience, async () => void (home = homeIn(config))),
    event: (input) => within(patience, async () => follow(input.event)),
    'chat.message': (input, output) =>
      within(patience, async (signal) => {
        const { message, parts } = output
        sessions.prompted(input.sessionID, speakerOf(message))
        if (sessions.isChild(input.sessionID) || waker.isOwn(parts)) return
        await show('prompt', signal, (text) => {
          parts.push(partBehind(parts, { sessionID: input.sessionID, message, text }))
          return true
        })
      }),
    'tool.execute.after': (input, output) =>
      within(patience, async (signal) => {
        if (!output || sessions.isChild(input.sessionID) || input.tool.startsWith(ownTools)) return
        await show('tool-end', signal, (text) => appendToOutput(output, text))
      }),
  }

  function follow(event: OpencodeEvent): void {
    const change = sessions.follow(event)
    if (headless) return
    waker.listen()
    if (change.kind === 'idle') waker.idle(change.sessionID)
    if (change.kind === 'interrupted') waker.interrupted(change.sessionID)
  }

  /** `place`: puts a text before the model; false where it cannot. */
  async function show(moment: Moment, signal: AbortSignal, place: (text: string) => boolean): Promise<void> {
    const link = await find(signal)
    const offer = await link?.show({ moment, budget, headless })
    if (!offer) return
    // opencode has gone on: what is placed now is seen by nobody.
    if (signal.aborted || !place(offer.text)) return offer.failed()
    await offer.written()
  }
}

/** Only what a prompt takes: a message's model holds more. */
function speakerOf({ agent, model }: UserMessage): Speaker {
  return {
    ...(agent !== undefined && { agent }),
    ...(model && { model: { providerID: model.providerID, modelID: model.modelID } }),
    ...(model?.variant !== undefined && { variant: model.variant }),
  }
}
