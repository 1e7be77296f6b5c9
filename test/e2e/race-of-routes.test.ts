import process from 'node:process'
import { expect, test } from 'vitest'
import { connectToShim } from '../../agents/local/link.ts'
import { startClient } from '../support/clients.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { hookText } from '../support/hooks.ts'
import { startAssistant, textsIn } from '../support/shims.ts'

const messages = 1_000
/** Of so many bytes each: a result takes a dozen, so that no route takes all. */
const padding = `\n${'x'.repeat(2_500)}`

test('of 1,000 messages with wait, hooks and tool results racing, each is shown exactly once, and its receipt names the route', async () => {
  const { home, env } = homeWithHub()
  const rose = await startClient(env, 'rose')
  const claude = await startAssistant(env, 'claude', 'claude-code')
  const { signal } = new AbortController()
  const link = await connectToShim({ home, ancestors: [process.pid], assistant: 'claude-code', signal })
  if (!link) throw new Error('the shim was not found')

  /** How often, and by which route, each number was seen. */
  const seen = new Map<number, string[]>()
  const see = (route: string, text: string): void => {
    for (const [, number] of text.matchAll(/^number (\d+)$/gm)) {
      seen.set(Number(number), [...(seen.get(Number(number)) ?? []), route])
    }
  }
  const until = async (step: () => Promise<void>): Promise<void> => {
    while (seen.size < messages) await step()
  }

  await Promise.all([
    Promise.all(
      Array.from({ length: messages }, (_, index) =>
        rose.client.send({ to: 'claude', content: `number ${index}${padding}` }),
      ),
    ),
    until(async () => see('wait', textsIn(await claude.call('wait', { seconds: 1 })).join('\n'))),
    until(async () => see('tool_result', textsIn(await claude.call('list_instances')).join('\n'))),
    // Hooks as their programs call, without the cost of a process each …
    ...['tool-end', 'prompt', 'tool-end'].map((moment) =>
      until(async () => {
        const offer = await link.show({ moment: moment as 'prompt', budget: 9_500 })
        if (!offer) return
        // Every fourth hook dies before it has written: its mail must come again.
        if (Math.random() < 0.25) return offer.failed()
        see('hook', offer.text)
        await offer.written()
      }),
    ),
    // … and real ones.
    until(async () => see('hook', (await hookText('PostToolUse', env)) ?? '')),
  ])

  expect(seen.size).toBe(messages)
  expect([...seen].filter(([, routes]) => routes.length !== 1)).toEqual([])
  const used = new Set([...seen.values()].flat())
  expect([...used].toSorted()).toEqual(['hook', 'tool_result', 'wait'])

  // The last acknowledgements are on their way: the mailbox is empty when they have come.
  while ((await claude.call('check')).structured['result'] === undefined) continue
  let before: number | undefined
  const checked = new Set<number>()
  while (checked.size < messages) {
    const { receipts, more } = await rose.client.request('receipts', { limit: 200, ...(before && { before }) })
    for (const { id, excerpt, recipients } of receipts) {
      const number = Number(/^number (\d+)/.exec(excerpt)?.[1])
      const shown = recipients[0]?.steps.filter(({ state }) => state === 'shown') ?? []
      expect({ number, routes: shown.map(({ route }) => route) }).toEqual({ number, routes: seen.get(number) })
      checked.add(number)
      before = Number(id.split('-')[1])
    }
    if (!more) break
  }
  expect(checked.size).toBe(messages)
}, 120_000)
