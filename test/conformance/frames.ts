import { runClientConversation, withClient, type ClientUnderTest } from './client-conversation.ts'
import type { AnswerVector, HubConversation, Json, NotificationVector, RequestVector, ValueVector } from './format.ts'
import { runHubConversation } from './hub-conversation.ts'
import type { HubUnderTest } from './hub-talk.ts'
import type { Case } from './load.ts'
import { verdictOf, type Line, type Verdict } from './report.ts'

/** Reasons that say that a frame itself is at fault. */
const frameReasons = ['parse_error', 'invalid_request', 'method_not_found', 'invalid_params', 'name_invalid']

type Written = { readonly frame?: Json | undefined; readonly text?: Json | undefined }

/** How a vector writes its frame. */
function writing({ frame, text }: Written): { frame: Json } | { text: Json } {
  return text === undefined ? { frame: frame ?? {} } : { text }
}

/**
 * A frame from a client, put before a hub on a registered connection, as a conversation. A hub that
 * accepts it may still refuse what it asks for: it does not say that the frame is at fault.
 */
export function runRequest(vector: Case<RequestVector>, hub: HubUnderTest): Promise<Verdict> {
  const { accept, reject } = vector
  const notAtFault: Json = {
    $oneOf: [{ $absent: true }, { data: { reason: { $not: { $oneOf: frameReasons } } } }],
  }
  const answer: Json = reject
    ? { id: reject.id, error: { code: reject.code, data: { reason: reject.reason } } }
    : { id: accept?.id ?? null, error: notAtFault }
  const conversation: Case<HubConversation> = {
    ...vector,
    needs: {},
    ignore: ['message', 'receipt', 'presence', 'renamed'],
    // The connection goes on afterwards.
    steps: [{ enter: 'a', name: 'frames' }, writing(vector), { expect: answer }, { ask: 'status', result: {} }],
  }
  return runHubConversation(conversation, hub)
}

/** Puts frames from a hub before one client, one after the other; a client that stumbles is started afresh. */
export async function runNotifications(
  vectors: readonly Case<NotificationVector>[],
  client: ClientUnderTest,
): Promise<Line[]> {
  const lines: Line[] = []
  while (lines.length < vectors.length) {
    const left = vectors.slice(lines.length)
    const passed: Line[] = []
    const verdict = await withClient(client, { define: left[0]!.define, ignore: [] }, async (talk) => {
      await talk.start({})
      await talk.enter({ enter: 'a', name: 'rose' })
      for (const vector of left) {
        await talk.step(writing(vector))
        await talk.settle()
        if (vector.event) await talk.step(vector.event)
        talk.quiet()
        passed.push({ title: vector.title, rules: vector.rules, verdict: { kind: 'passed' } })
      }
    })
    lines.push(...passed)
    const stumbled = left[passed.length]
    if (stumbled) lines.push({ title: stumbled.title, rules: stumbled.rules, verdict })
  }
  return lines
}

/** An answer of the hub to one command, in a conversation of its own. */
export function runAnswer(vector: Case<AnswerVector>, client: ClientUnderTest): Promise<Verdict> {
  const { method, params, answer, result, error } = vector
  const outcome = error === undefined ? { result: result ?? {} } : { error }
  return runClientConversation(
    {
      ...vector,
      start: {},
      ignore: [],
      steps: [
        { enter: 'a', name: 'rose' },
        { tell: method, params, as: 'told' },
        { expect: { method }, as: 'asked' },
        { ...answer, answer: 'asked' },
        { told: 'told', ...outcome },
        { settle: true },
      ],
    },
    client,
  )
}

/** Asks one driver for values. */
export async function runValues(vectors: readonly Case<ValueVector>[], client: ClientUnderTest): Promise<Line[]> {
  const lines: Line[] = []
  await withClient(client, { define: {}, ignore: [] }, async (talk) => {
    for (const { title, rules, method, params, result } of vectors) {
      const verdict = await talk
        .compute(method, params, result)
        .then((offered): Verdict => (offered ? { kind: 'passed' } : notOffered(method)), verdictOf)
      lines.push({ title, rules, verdict })
    }
  })
  return lines
}

function notOffered(method: string): Verdict {
  return { kind: 'skipped', reason: `the driver has no "${method}"` }
}
