import { expect, test } from 'vitest'
import { message } from './fake-client.ts'
import { rig, shownIds, structured, text, type Rig } from './rig.ts'

/** A call of `wait` that has begun to block. */
async function blocked({ call, client }: Rig, args = {}, options = {}) {
  const reached = client.next('request reach')
  const result = call('wait', args, options)
  await reached
  return { result }
}

function routes({ client }: Rig): unknown[] {
  return client.requests.filter(({ method }) => method === 'reach').map(({ params }) => params)
}

test('it returns the moment that mail arrives, with the mail', async () => {
  const bed = await rig()
  const { result } = await blocked(bed)
  bed.clock.advance(3_000)
  const mail = message()
  bed.client.emit('message', mail)
  expect(shownIds(await result)).toEqual([mail.id])
  expect(text(await result)).toContain('1 new message after 3 seconds')
  await bed.client.untilAcks(1)
  expect(bed.client.acks[0]).toMatchObject({ route: 'wait', state: 'shown' })
})

test('it does not block when mail is there', async () => {
  const bed = await rig()
  const mail = message()
  bed.client.emit('message', mail)
  expect(shownIds(await bed.call('wait'))).toEqual([mail.id])
  expect(routes(bed)).toEqual([])
})

test('after 50 seconds it says "nothing yet", which is no error', async () => {
  const bed = await rig()
  const { result } = await blocked(bed)
  bed.clock.advance(50_000)
  expect((await result).isError).not.toBe(true)
  expect(structured(await result)).toMatchObject({ ok: true, result: { waitedSeconds: 50 } })
  expect(text(await result)).toContain('Nothing yet after 50 seconds. Call wait again')
})

test('it waits longer on request', async () => {
  const bed = await rig()
  const { result } = await blocked(bed, { seconds: '3600' })
  bed.clock.advance(3_599_000)
  const mail = message()
  bed.client.emit('message', mail)
  expect(shownIds(await result)).toEqual([mail.id])
})

test('[D-9] low mail does not interrupt, and comes along at the end', async () => {
  const bed = await rig()
  const low = message({ priority: 'low' })
  const { result } = await blocked(bed)
  bed.client.emit('message', low)
  bed.clock.advance(50_000)
  expect(structured(await result)).toMatchObject({ result: { waitedSeconds: 50 } })
  expect(shownIds(await result)).toEqual([low.id])
})

test('[D-9] low mail comes along with mail that interrupts', async () => {
  const bed = await rig()
  const [low, urgent] = [message({ priority: 'low' }), message({ priority: 'urgent' })]
  const { result } = await blocked(bed)
  bed.client.emit('message', low)
  bed.client.emit('message', urgent)
  expect(shownIds(await result)).toEqual([low.id, urgent.id])
})

test('[D-2] cancelled, it leaves mail unread', async () => {
  const bed = await rig()
  const abort = new AbortController()
  const { result } = await blocked(bed, {}, { signal: abort.signal })
  const unblocked = bed.client.next('request reach')
  const ended = result.catch(() => 'cancelled')
  abort.abort()
  expect(await ended).toBe('cancelled')
  await unblocked
  const mail = message()
  bed.client.emit('message', mail)
  expect(bed.client.acks).toEqual([])
  expect(shownIds(await bed.call('list_instances'))).toEqual([mail.id])
})

test('[D-7] the hub knows while it blocks, also when it heard so only after a new attachment', async () => {
  const bed = await rig()
  delete bed.client.answers.reach
  const { result } = await blocked(bed)
  expect(routes(bed)).toEqual([{ routes: ['wait', 'tool_result'] }])
  bed.client.answers.reach = () => ({})
  bed.client.attach('claude')
  expect(routes(bed)).toHaveLength(2)
  bed.clock.advance(50_000)
  await result
  expect(routes(bed).at(-1)).toEqual({ routes: ['tool_result'] })
})

test('a hub that refuses to be told does not matter', async () => {
  const bed = await rig()
  delete bed.client.answers.reach
  const { result } = await blocked(bed)
  bed.clock.advance(50_000)
  expect((await result).isError).not.toBe(true)
})

test('progress only where the request asks for it', async () => {
  const bed = await rig()
  const progress: number[] = []
  const { result } = await blocked(
    bed,
    {},
    { onprogress: (step: { progress: number }) => progress.push(step.progress) },
  )
  bed.clock.advance(50_000)
  await result
  expect(progress).toEqual([10, 20, 30, 40, 50])
})

test('it ends without a timer left', async () => {
  const bed = await rig()
  const { result } = await blocked(bed, {}, { onprogress: () => undefined })
  bed.client.emit('message', message())
  await result
  expect(bed.clock.waiting).toBe(0)
})

test('two waits: both end, one of them has the message', async () => {
  const bed = await rig()
  const { result: one } = await blocked(bed)
  const other = bed.call('wait')
  // A third call that is answered: the second has begun by then.
  await bed.call('list_instances')
  const mail = message()
  bed.client.emit('message', mail)
  expect([...shownIds(await one), ...shownIds(await other)]).toEqual([mail.id])
})

test('without a name it says to register', async () => {
  const bed = await rig({ registered: null })
  const result = await bed.call('wait')
  expect(result.isError).toBe(true)
  expect(text(result)).toContain('Call register {"name":"…"}')
})
