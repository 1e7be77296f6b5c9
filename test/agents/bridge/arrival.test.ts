import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Allowance, Arrival, type Progress } from '../../../agents/bridge/arrival.ts'
import { bridgeLimits } from '../../../agents/bridge/limits.ts'

function feed(bytes: Buffer, cuts: readonly number[]): Progress {
  const arrival = new Arrival(new Allowance())
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b)
  let progress: Progress = { kind: 'incomplete' }
  let from = 0
  for (const to of [...places, bytes.length]) {
    if (progress.kind !== 'incomplete') break
    progress = arrival.add(bytes.subarray(from, to))
    from = to
  }
  return progress
}

test('an object is complete at its last byte, wherever it is cut', () => {
  const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 5 }))
  fc.assert(
    fc.property(object, fc.array(fc.nat()), (value, cuts) => {
      const bytes = Buffer.from(JSON.stringify(value))
      expect(feed(bytes.subarray(0, -1), cuts)).toEqual({ kind: 'incomplete' })
      const parsed = JSON.parse(bytes.toString()) as unknown
      expect(feed(bytes, cuts)).toEqual({ kind: 'complete', value: parsed })
      expect(feed(Buffer.concat([bytes, Buffer.from('}"[')]), cuts)).toEqual({ kind: 'complete', value: parsed })
    }),
  )
})

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.array(fc.nat()), (tail, cuts) => {
      for (const bytes of [Buffer.from(tail), Buffer.concat([Buffer.from('{"a":"'), tail, Buffer.from('"}')])]) {
        expect(['incomplete', 'complete', 'unfit']).toContain(feed(bytes, cuts).kind)
      }
    }),
  )
})

test('one request takes so much and no more', () => {
  const arrival = new Arrival(new Allowance())
  const piece = Buffer.alloc(4 * 1024 * 1024, 'x')
  expect(arrival.add(Buffer.from('{"a":"'))).toEqual({ kind: 'incomplete' })
  let taken = 0
  let progress: Progress = { kind: 'incomplete' }
  while (progress.kind === 'incomplete') {
    progress = arrival.add(piece)
    taken += piece.length
  }
  expect(progress).toMatchObject({ kind: 'unfit', why: expect.stringContaining('larger than') })
  expect(taken - piece.length).toBeLessThanOrEqual(bridgeLimits.requestBytes)
  expect(taken).toBeGreaterThan(3 * 16 * 1024 * 1024)
})

test('all that arrive at once take so much and no more, and give it back', () => {
  const allowance = new Allowance()
  const piece = Buffer.concat([Buffer.from('{"a":"'), Buffer.alloc(30 * 1024 * 1024, 'x')])
  const arrivals = [1, 2, 3].map(() => new Arrival(allowance))
  for (const arrival of arrivals) expect(arrival.add(piece)).toEqual({ kind: 'incomplete' })
  const late = new Arrival(allowance)
  expect(late.add(piece)).toMatchObject({ kind: 'unfit', why: expect.stringContaining('in a moment') })
  arrivals[0]!.end()
  expect(new Arrival(allowance).add(piece)).toEqual({ kind: 'incomplete' })
})
