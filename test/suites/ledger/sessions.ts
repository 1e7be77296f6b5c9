import { describe, expect, it } from 'vitest'
import { claim, day, start, type OpenLedger } from './fixture.ts'

export function sessionRules(open: OpenLedger): void {
  describe('sessions', () => {
    it('last until their time, slide, and close [S-5]', async () => {
      const { ledger, reopen } = await open()
      const agent = await claim(ledger, 'alice')
      await ledger.openSession({ hash: 'h', agent: agent.id, now: start, expiresAt: start + day })
      const again = reopen ? await reopen() : ledger
      const session = { agent, openedAt: start, expiresAt: start + day }
      expect(await again.session({ hash: 'h', now: start + day - 1 })).toEqual(session)
      expect(await again.session({ hash: 'h', now: start + day })).toBeUndefined()
      expect(await again.session({ hash: 'other', now: start })).toBeUndefined()
      await again.extendSession({ hash: 'h', expiresAt: start + 2 * day })
      expect(await again.session({ hash: 'h', now: start + day })).toEqual({ ...session, expiresAt: start + 2 * day })
      await again.closeSession('h')
      expect(await again.session({ hash: 'h', now: start })).toBeUndefined()
    })
  })
}
