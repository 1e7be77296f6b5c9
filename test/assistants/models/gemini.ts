import { eventStream, type Dialect, type ModelAnswer, type Reply } from '../model.ts'

/** As far as the dialect looks at it. */
interface ContentRequest {
  readonly tools?: readonly unknown[]
}

/** Google's Gemini API, as Gemini CLI speaks it. A tool of an MCP server is "mcp_server_tool". */
export const gemini: Dialect = {
  read({ method, url, body }) {
    const [, verb] = /^\/v1beta\/models\/[^/:]+:(\w+)/.exec(url) ?? []
    if (method !== 'POST') return undefined
    if (verb === 'countTokens') return { type: 'application/json', body: '{"totalTokens":100}' }
    // Summaries of earlier sessions come without tools, and not as a stream.
    if (verb === 'generateContent') return { type: 'application/json', body: JSON.stringify(contentOf(aside)) }
    if (verb !== 'streamGenerateContent') return undefined
    return ((JSON.parse(body) as ContentRequest).tools ?? []).length > 0 ? 'turn' : stream(aside)
  },
  write: stream,
}

const aside: Reply = { kind: 'text', text: 'Summary' }

function stream(reply: Reply): ModelAnswer {
  return eventStream([{ data: contentOf(reply) }])
}

function contentOf(reply: Reply): object {
  const part = reply.kind === 'text' ? { text: reply.text } : { functionCall: { name: reply.tool, args: reply.args } }
  return {
    candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 10, totalTokenCount: 110 },
  }
}
