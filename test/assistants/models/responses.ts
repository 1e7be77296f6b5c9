import { eventStream, type Dialect, type ModelAnswer, type Reply } from '../model.ts'

let lastItem = 0

/** OpenAI's Responses API, as Codex speaks it. A tool of an MCP server is "mcp__server.tool". */
export const responses: Dialect = {
  read({ method, url, body }) {
    if (method !== 'POST' || url.split('?')[0] !== '/v1/responses') return undefined
    const { tools = [] } = JSON.parse(body) as { readonly tools?: readonly unknown[] }
    // The title of a session is asked for without tools.
    return tools.length > 0 ? 'turn' : streamOf({ kind: 'text', text: '{"title":"Title"}' })
  },
  write: streamOf,
}

function streamOf(reply: Reply): ModelAnswer {
  lastItem += 1
  const id = `resp_${lastItem}`
  const usage = { input_tokens: 100, output_tokens: 10, total_tokens: 110 }
  const events = [
    { type: 'response.created', response: { id } },
    { type: 'response.output_item.done', output_index: 0, item: itemOf(reply) },
    { type: 'response.completed', response: { id, usage } },
  ]
  return eventStream(events.map((data) => ({ event: data.type, data })))
}

function itemOf(reply: Reply): object {
  if (reply.kind === 'text') {
    const content = [{ type: 'output_text', text: reply.text }]
    return { type: 'message', role: 'assistant', id: `msg_${lastItem}`, content }
  }
  const [namespace, name] = reply.tool.includes('.') ? reply.tool.split('.') : [undefined, reply.tool]
  const item = { type: 'function_call', name, call_id: `call_${lastItem}`, arguments: JSON.stringify(reply.args) }
  return namespace === undefined ? item : { ...item, namespace }
}
