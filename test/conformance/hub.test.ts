import { expect, test } from 'vitest'
import { runHubConversation } from './hub-conversation.ts'
import { runHubVectors } from './kit.ts'
import { loadVectors } from './load.ts'
import { startOwnHub } from './own-hub.ts'
import { describeLine, type Line } from './report.ts'

const vectors = loadVectors()
const plain = vectors.hub.filter(({ needs }) => Object.keys(needs).length === 0)
const special = vectors.hub.filter((conversation) => !plain.includes(conversation))

test('the hub passes every frame and every conversation that needs no settings', { timeout: 90_000 }, async () => {
  const hub = await startOwnHub()
  const lines: Line[] = []
  const tell = (line: Line): unknown => lines.push(line)
  await runHubVectors(
    { requests: vectors.requests, hub: plain },
    () => Promise.resolve(hub),
    () => true,
    tell,
  )
  expect(lines.filter(({ verdict }) => verdict.kind !== 'passed').map(describeLine)).toEqual([])
  expect(lines).toHaveLength(vectors.requests.length + plain.length)
})

test.each(special.map((each) => [each.title, each] as const))('the hub passes %s', async (_title, conversation) => {
  expect(await runHubConversation(conversation, await startOwnHub(conversation.needs))).toEqual({ kind: 'passed' })
})

test('a conversation that needs settings is left out where the hub is not known to have them', async () => {
  const hub = await startOwnHub()
  for (const conversation of special) {
    expect(await runHubConversation(conversation, hub)).toMatchObject({
      kind: 'skipped',
      reason: expect.stringMatching(/^it needs a hub with BELLHOP_/),
    })
  }
})
