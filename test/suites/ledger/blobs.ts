import { describe, expect, it } from 'vitest'
import { claim, draft, hour, send, start, unread, type OpenLedger } from './fixture.ts'

const blob = (letter: string) => ({
  handle: letter.repeat(21),
  size: 20_000,
  sha256: 'a'.repeat(64),
  mediaType: 'text/plain',
})

export function blobRules(open: OpenLedger): void {
  describe('blobs', () => {
    it('are for their owner and for readers of a message that names them', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const bob = await claim(ledger, 'bob')
      const eve = await claim(ledger, 'eve')
      const file = { ...blob('a'), fileName: 'notes.md' }
      await ledger.addBlob({ ...file, owner: alice.id, at: start })
      expect(await ledger.blob({ agent: alice.id, handle: file.handle })).toEqual(file)
      expect(await ledger.blob({ agent: bob.id, handle: file.handle })).toBeUndefined()
      const { message } = await send(ledger, alice, { to: 'bob', blob: file })
      expect((await unread(ledger, bob.id))[0]).toEqual(message)
      expect(message.blob).toEqual(file)
      expect(await ledger.blob({ agent: bob.id, handle: file.handle })).toEqual(file)
      expect(await ledger.blob({ agent: eve.id, handle: file.handle })).toBeUndefined()
    })

    it('without a message are forgotten after a time', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      for (const [letter, at] of [
        ['a', 0],
        ['b', 0],
        ['c', 1],
        ['d', hour],
      ] as const) {
        await ledger.addBlob({ ...blob(letter), owner: alice.id, at: start + at })
      }
      await send(ledger, alice, { to: 'bob', blob: blob('b') })
      const query = { before: start + hour, limit: 1 }
      expect(await ledger.dropOrphanBlobs(query)).toEqual([blob('a').handle])
      expect(await ledger.dropOrphanBlobs(query)).toEqual([blob('c').handle])
      expect(await ledger.dropOrphanBlobs(query)).toEqual([])
      expect(await ledger.dropOrphanBlobs(query)).toEqual([])
      expect(await Promise.all(['a', 'b', 'c', 'd'].map((letter) => ledger.hasBlob(blob(letter).handle)))).toEqual([
        false,
        true,
        false,
        true,
      ])
    })

    it('that are gone cannot be sent any more, and nothing else of the batch fails', async () => {
      const { ledger } = await open()
      const alice = await claim(ledger, 'alice')
      const outcomes = await Promise.allSettled([
        ledger.append(draft(alice, { to: 'bob', content: 'before' })),
        ledger.append(draft(alice, { to: 'bob', blob: blob('x') })),
        ledger.append(draft(alice, { to: 'bob', content: 'after' })),
      ])
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      const bob = await claim(ledger, 'bob')
      expect((await unread(ledger, bob.id)).map(({ content }) => content)).toEqual(['before', 'after'])
    })
  })
}
