import { expect, test } from 'vitest'
import { Places } from '../../../hub/net/places.ts'

/** How many places this address gets. */
function fill(places: Places, address: string, isProxy = false): number {
  for (let count = 0; ; count += 1) if (!places.take(address, isProxy)) return count
}

test('[S-6] one address gets a quarter of the places before authentication, and others still get in', () => {
  const places = new Places(256)
  expect(fill(places, '203.0.113.7')).toBe(64)
  expect(fill(places, '203.0.113.8')).toBe(64)
  expect(fill(places, '2001:db8::1')).toBe(64)
  expect(fill(places, '203.0.113.9')).toBe(64)
  expect(fill(places, '203.0.113.10')).toBe(0)
})

test('all addresses of one network of IPv6 (/64) are one party, however they are written', () => {
  const places = new Places(256)
  expect(fill(places, '2001:db8::1')).toBe(64)
  for (const same of ['2001:db8::2', '2001:DB8:0:0:ffff::9', '2001:0db8:0000:0000:1:2:3:4', '2001:db8::']) {
    expect(places.take(same)).toBeUndefined()
  }
  for (const other of ['2001:db8:0:1::1', '2001:db9::1', '::2']) expect(places.take(other)).toBeDefined()
})

test.each(['local', '127.0.0.1', '::1'])(
  '%s and trusted proxies may fill all places: they stand for many',
  (address) => {
    expect(fill(new Places(16), address)).toBe(16)
    expect(fill(new Places(16), '203.0.113.7', true)).toBe(16)
  },
)

test('a place that was given back is free, and giving it back twice frees no other', () => {
  const places = new Places(8)
  const [first, second] = [places.take('203.0.113.7'), places.take('203.0.113.7')]
  expect(places.take('203.0.113.7')).toBeUndefined()
  first?.()
  first?.()
  expect(fill(places, '203.0.113.7')).toBe(1)
  second?.()
  expect(fill(places, '203.0.113.7')).toBe(1)
})

test('however few there are, each address gets one', () => {
  expect(fill(new Places(1), '203.0.113.7')).toBe(1)
  expect(fill(new Places(3), '203.0.113.7')).toBe(1)
})
