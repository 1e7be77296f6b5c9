import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Flow } from '../../../hub/delivery/flow.ts'
import type { Message } from '../../../protocol/index.ts'

/** A mailbox in memory, and a flow that reads it. */
function flowUnderTest(window: number) {
  const mailbox: Message[] = []
  const pushed: number[] = []
  let seq = 0
  const source = {
    read: async (after: number, limit: number) => mailbox.filter((message) => message.seq > after).slice(0, limit),
    countBefore: async (upTo: number) => mailbox.filter((message) => message.seq <= upTo).length,
    push: (message: Message) => void pushed.push(message.seq),
  }
  const flow = new Flow(source, window)
  return {
    flow,
    mailbox,
    pushed,
    commit() {
      seq += 1
      const message = { seq } as Message
      mailbox.push(message)
      flow.offer(message, () => pushed.push(message.seq))
    },
    async acknowledge(count: number) {
      const gone = pushed.filter((pushedSeq) => mailbox.some((message) => message.seq === pushedSeq)).slice(0, count)
      for (const acknowledged of gone)
        mailbox.splice(
          mailbox.findIndex((message) => message.seq === acknowledged),
          1,
        )
      await flow.settled(gone.length)
    },
  }
}

test('[P-30] nothing before the start, then the backlog, then what comes', async () => {
  const { flow, pushed, commit } = flowUnderTest(10)
  commit()
  commit()
  expect(pushed).toEqual([])
  await flow.start(0, 0)
  commit()
  expect(pushed).toEqual([1, 2, 3])
})

test('[P-30] no more than the window is in flight', async () => {
  const { flow, pushed, commit, acknowledge } = flowUnderTest(2)
  await flow.start(0, 0)
  for (let i = 0; i < 5; i += 1) commit()
  expect(pushed).toEqual([1, 2])
  await acknowledge(1)
  expect(pushed).toEqual([1, 2, 3])
  await acknowledge(2)
  expect(pushed).toEqual([1, 2, 3, 4, 5])
})

test('[P-13] a window of 0 pushes nothing', async () => {
  const { flow, pushed, commit } = flowUnderTest(0)
  await flow.start(0, 0)
  commit()
  await flow.recount()
  expect(pushed).toEqual([])
})

test('what expired in the reader’s hands gives its room back at the next count', async () => {
  const { flow, pushed, mailbox, commit } = flowUnderTest(1)
  await flow.start(0, 0)
  commit()
  commit()
  expect(pushed).toEqual([1])
  mailbox.shift()
  await flow.recount()
  expect(pushed).toEqual([1, 2])
})

test('what expired in the reader’s hands takes no room from mail that comes after the count', async () => {
  const { flow, pushed, mailbox, commit } = flowUnderTest(1)
  await flow.start(0, 0)
  commit()
  mailbox.shift()
  await flow.recount()
  commit()
  expect(pushed).toEqual([1, 2])
})

test('an ended flow pushes no more', async () => {
  const { flow, pushed, commit } = flowUnderTest(10)
  await flow.start(0, 0)
  flow.end()
  commit()
  await flow.settled(1)
  expect(pushed).toEqual([])
})

test('[P-30] whatever the interleaving, everything is pushed once, in order, within the window', async () => {
  const step = fc.oneof(fc.constant('commit' as const), fc.integer({ min: 1, max: 4 }))
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), async (window, steps) => {
      const { flow, pushed, mailbox, commit, acknowledge } = flowUnderTest(window)
      const started = flow.start(0, 0)
      let committed = 0
      const working: Promise<void>[] = [started]
      for (const one of steps) {
        if (one === 'commit') {
          commit()
          committed += 1
        } else working.push(acknowledge(one))
        const inFlight = mailbox.filter(({ seq }) => pushed.includes(seq)).length
        expect(inFlight).toBeLessThanOrEqual(window)
      }
      await Promise.all(working)
      while (mailbox.length > 0) await acknowledge(window)
      expect(pushed).toEqual(Array.from({ length: committed }, (_, index) => index + 1))
    }),
  )
})
