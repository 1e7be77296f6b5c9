import { expect, test } from 'vitest'
import { methods } from '../../../protocol/index.ts'
import { message } from './fake-client.ts'
import { rig, shownIds, structured, text, type Rig } from './rig.ts'

/** The id that the pretended hub gives to the first message. */
const question = 'e1-1001'

/** A call of `ask` whose question was sent. */
async function asked({ call, client }: Rig, args = {}, options = {}) {
  client.outlook = methods.send.result.shape.outlook.parse({ kind: 'online', name: 'rose', routes: ['tool_result'] })
  const sent = client.next('send')
  const result = call('ask', { to: 'rose', content: 'Is it green?', ...args }, options)
  await sent
  // The answer to the sending is processed, and the call blocks.
  await new Promise(setImmediate)
  return { result }
}

test('it returns the moment that the answer comes, with the answer, and acknowledges it', async () => {
  const bed = await rig()
  const { result } = await asked(bed)
  expect(bed.client.sent).toEqual([{ to: 'rose', content: 'Is it green?', priority: 'normal' }])
  bed.clock.advance(2_000)
  bed.client.emit('message', message({ content: 'something else' }))
  const answer = message({ content: 'It is.', replyTo: question })
  bed.client.emit('message', answer)
  expect(text(await result)).toContain(`The answer to ${question} came after 2 seconds, below.`)
  expect(structured(await result).result).toMatchObject({ end: 'answered', answerId: answer.id, waitedSeconds: 2 })
  // What else is unread comes along, behind it.
  expect(shownIds(await result)[0]).toBe(answer.id)
  expect(shownIds(await result)).toHaveLength(2)
  await bed.client.untilAcks(1)
  expect(bed.client.acks[0]).toMatchObject({ route: 'wait', state: 'shown' })
})

test('the answer comes first and whole also behind a backlog that is longer than a result', async () => {
  const bed = await rig()
  for (let index = 0; index < 20; index += 1) bed.client.emit('message', message({ content: 'x'.repeat(4_000) }))
  const { result } = await asked(bed)
  const answer = message({ content: 'It is.', replyTo: question })
  bed.client.emit('message', answer)
  expect(shownIds(await result)[0]).toBe(answer.id)
  expect(shownIds(await result).length).toBeLessThan(10)
})

test('the deadline is a clear end, and no error: it says what became of the question', async () => {
  const bed = await rig()
  bed.client.answers.receipts = () =>
    methods.receipts.result.parse({
      receipts: [
        {
          id: question,
          to: 'rose',
          sentAt: '2026-11-22T12:00:00.000Z',
          excerpt: 'Is it green?',
          queued: 0,
          recipients: [
            {
              name: 'rose',
              state: 'shown',
              steps: [{ state: 'shown', at: '2026-11-22T12:00:05.000Z', route: 'hook' }],
            },
          ],
        },
      ],
      more: false,
    })
  const { result } = await asked(bed, { seconds: 30 })
  bed.clock.advance(30_000)
  expect((await result).isError).not.toBe(true)
  expect(structured(await result).result).toMatchObject({ end: 'deadline', waitedSeconds: 30 })
  expect(text(await result)).toContain(
    `No answer to ${question} within 30 seconds. The question stands: its answer comes as mail, and wait waits for it. So far: rose: shown by a hook, 2026-11-22T12:00:05.000Z (25 seconds ago).`,
  )
})

test('a notice that the question bounced or expired ends it', async () => {
  const bed = await rig()
  const { result } = await asked(bed)
  bed.client.emit('message', message({ kind: 'notice', from: 'bellhop', content: 'It bounced.', replyTo: question }))
  expect(structured(await result).result).toMatchObject({ end: 'failed' })
  expect(text(await result)).toContain('It bounced.')
})

test('[D-9] urgent mail of somebody else interrupts, normal mail does not', async () => {
  const bed = await rig()
  const { result } = await asked(bed)
  bed.client.emit('message', message())
  const urgent = message({ priority: 'urgent' })
  bed.client.emit('message', urgent)
  expect(structured(await result).result).toMatchObject({ end: 'interrupted' })
  expect(shownIds(await result)[0]).toBe(urgent.id)
})

test('a name that nobody has is not waited for, nor is oneself', async () => {
  const bed = await rig()
  bed.client.outlook = methods.send.result.shape.outlook.parse({
    kind: 'unregistered',
    name: 'rsoe',
    waitsUntil: '2026-11-29T12:00:00.000Z',
    didYouMean: ['rose'],
  })
  const result = await bed.call('ask', { to: 'rsoe', content: 'x' })
  expect(structured(result).result).toMatchObject({ end: 'not_waited', waitedSeconds: 0 })
  expect(text(result)).toMatch(/Did you mean "rose"\?.* Nobody is there to answer now\. Not waiting\.$/s)
  bed.client.outlook = methods.send.result.shape.outlook.parse({ kind: 'online', name: 'claude', routes: [] })
  const own = await bed.call('ask', { to: 'claude', content: 'x' })
  expect(structured(own).result).toMatchObject({ end: 'not_waited' })
})

test('a cancelled ask leaves the answer unread', async () => {
  const bed = await rig()
  const aborting = new AbortController()
  const { result } = await asked(bed, {}, { signal: aborting.signal })
  aborting.abort()
  await expect(result).rejects.toThrow(/abort/i)
  const answer = message({ replyTo: question })
  bed.client.emit('message', answer)
  expect(shownIds(await bed.call('list_instances'))).toEqual([answer.id])
})
