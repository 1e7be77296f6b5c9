import { eventStream, type Dialect, type ModelAnswer, type Reply } from '../model.ts'

/** As far as the dialect looks at it. */
interface CompletionRequest {
  readonly tools?: readonly unknown[]
}

let lastCall = 0

/** OpenAI's Chat Completions, as opencode speaks them with most models. A tool of an MCP server is "server_tool". */
export const chatCompletions: Dialect = {
  read({ method, url, body }) {
    if (method !== 'POST' || url !== '/v1/chat/completions') return undefined
    // The title of a session is asked for without tools.
    const request = JSON.parse(body) as CompletionRequest
    return (request.tools ?? []).length > 0 ? 'turn' : stream({ kind: 'text', text: 'Title' })
  },
  write: stream,
}

function stream(reply: Reply): ModelAnswer {
  const [delta, finish_reason] =
    reply.kind === 'text' ? [{ content: reply.text }, 'stop'] : [{ tool_calls: [callOf(reply)] }, 'tool_calls']
  const choices = [
    { index: 0, delta: { role: 'assistant', ...delta }, finish_reason: null },
    { index: 0, delta: {}, finish_reason },
  ]
  const chunks = choices.map((choice) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'scripted',
    choices: [choice],
  }))
  return eventStream([...chunks, '[DONE]'].map((data) => ({ data })))
}

function callOf({ tool, args }: Extract<Reply, { kind: 'call' }>): object {
  lastCall += 1
  return {
    index: 0,
    id: `call_${lastCall}`,
    type: 'function',
    function: { name: tool, arguments: JSON.stringify(args) },
  }
}
