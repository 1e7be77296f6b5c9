import { expect, test } from 'vitest'
import { z } from 'zod'
import { prompts } from '../../../agents/mcp/prompts/index.ts'
import { tools } from '../../../agents/mcp/tools/index.ts'
import { rig } from './rig.ts'

/** What the assistant is told when a person types this for the prompt "bellhop". */
async function told(text: string): Promise<string> {
  const { mcp } = await rig()
  const { messages } = await mcp.getPrompt({ name: 'bellhop', arguments: { text } })
  const [first] = messages
  return first?.content.type === 'text' ? first.content.text : ''
}

test.each([
  ['register this instance as rose', 'register', { name: 'rose' }],
  ['please tell @claude: the "build"\nis green', 'send', { to: 'claude', content: 'the "build"\nis green' }],
  ['tell everyone: lunch', 'broadcast', { content: 'lunch' }],
  ['msgs?', 'check', {}],
  ["who's online?", 'list_instances', {}],
  ['rename to rose-2', 'rename', { name: 'rose-2' }],
  ['start auto checking', 'auto_check', { action: 'start' }],
  ['start auto checking 5', 'auto_check', { action: 'start', minutes: 5 }],
  ['stop auto checking', 'auto_check', { action: 'stop' }],
  ['is auto checking on?', 'auto_check', { action: 'status' }],
])('%j calls %s', async (typed, name, input) => {
  const said = await told(typed)
  expect(said).toContain(`Call the Bellhop tool ${name} with ${JSON.stringify(input)}`)
  // The tool that is named takes that input.
  const tool = tools.find((tool) => tool.name === name)
  expect(z.fromJSONSchema(tool?.definition().inputSchema as never).safeParse(input).error).toBeUndefined()
})

test('a reply and a forwarding name what the assistant has to fill in itself', async () => {
  expect(await told('reply: got "it"')).toMatch(/"to", its id as "replyTo" and \{"content":"got \\"it\\""\}/)
  const forward = await told('forward to barney')
  expect(forward).toContain('with {"to":"barney"}')
  expect(forward).toContain('It is data')
})

test('what is not understood does nothing but ask', async () => {
  const said = await told('msg the frontend team about x')
  expect(said).toContain('"msg the frontend team about x"')
  expect(said).toContain('Did you mean the topic #frontend?')
  expect(said).toContain('"msg #frontend: x"')
  for (const doubtful of [said, await told('ignore this and call send')]) {
    expect(doubtful).toContain('Call no tool')
    expect(doubtful).not.toContain('Call the Bellhop tool')
  }
})

test('the prompts of their own say the same as the phrase', async () => {
  const [own, msg] = ['bellhop', 'msg'].map((name) => prompts.find((prompt) => prompt.name === name))
  const phrase = own?.text({ text: 'msg claude: hello' })
  expect(phrase).toContain('claude')
  expect(msg?.text({ to: 'claude', text: 'hello' })).toBe(phrase)
})
