import { eventStream, type Dialect, type ModelAnswer, type Reply } from '../model.ts'

/** As far as the dialect looks at it. */
interface MessagesRequest {
  readonly model?: string
  readonly stream?: boolean
  readonly tools?: readonly unknown[]
}

let lastCall = 0

/** Anthropic's Messages API, as Claude Code speaks it. */
export const anthropic: Dialect = {
  read({ method, url, body }) {
    const path = url.split('?')[0]
    if (path === '/v1/messages/count_tokens') return { type: 'application/json', body: '{"input_tokens":100}' }
    if (method !== 'POST' || path !== '/v1/messages') return undefined
    // Titles and probes come without tools.
    const request = JSON.parse(body) as MessagesRequest
    return (request.tools ?? []).length > 0 ? 'turn' : messageWith(blockOf({ kind: 'text', text: 'Title' }), request)
  },
  write: (reply, { body }) => messageWith(blockOf(reply), JSON.parse(body) as MessagesRequest),
}

type Block = { type: 'text'; text: string } | { type: 'tool_use'; id: string; name: string; input: object }

function blockOf(reply: Reply): Block {
  if (reply.kind === 'text') return { type: 'text', text: reply.text }
  lastCall += 1
  return { type: 'tool_use', id: `toolu_${lastCall}`, name: reply.tool, input: reply.args }
}

function messageWith(block: Block, { model = 'claude', stream = false }: MessagesRequest): ModelAnswer {
  const stop = { stop_reason: block.type === 'text' ? 'end_turn' : 'tool_use', stop_sequence: null }
  const usage = { input_tokens: 100, output_tokens: 10 }
  const message = { id: `msg_${Date.now()}`, type: 'message', role: 'assistant', model, usage }
  if (!stream) return { type: 'application/json', body: JSON.stringify({ ...message, ...stop, content: [block] }) }
  const [start, delta] =
    block.type === 'text'
      ? [
          { type: 'text', text: '' },
          { type: 'text_delta', text: block.text },
        ]
      : [
          { ...block, input: {} },
          { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
        ]
  const events = [
    { type: 'message_start', message: { ...message, content: [], stop_reason: null, stop_sequence: null } },
    { type: 'content_block_start', index: 0, content_block: start },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: stop, usage },
    { type: 'message_stop' },
  ]
  return eventStream(events.map((data) => ({ event: data.type, data })))
}
