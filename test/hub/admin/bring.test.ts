import { expect, onTestFinished, test } from 'vitest'
import { hubAgent, openLedger, openMemoryLedger, type BroughtItem } from '../../../hub/ledger/index.ts'
import { claim, day, draft, hour, nameOf, send, start, unreadContents, waiting } from '../../suites/ledger/fixture.ts'
import { temporaryFolder } from '../../support/teardown.ts'

const nobody = { id: hubAgent, name: nameOf('gone') }

/** A message of a year ago. */
function item(origin: string, to: string, change: Partial<BroughtItem> = {}): BroughtItem {
  const sentAt = start - 365 * day
  const made = draft(nobody, {
    to,
    content: origin,
    clientId: `import-${origin}`,
    sentAt,
    depth: Number.MAX_SAFE_INTEGER,
  })
  return { origin, draft: made, now: start, read: false, ...change }
}

async function open() {
  const ledger = await openMemoryLedger()
  onTestFinished(() => ledger.close())
  return ledger
}

test('what is brought is brought once for ever, even when it has been read and forgotten', async () => {
  const file = `${temporaryFolder()}/ledger.db`
  const ledger = await openLedger({ file })
  const bob = await claim(ledger, 'bob')
  expect(await ledger.bring(item('one', 'bob'))).toMatchObject({ kind: 'stored', message: { from: 'gone', to: 'bob' } })
  const [message] = await ledger.unread({ agent: bob.id, after: 0, limit: 10, now: start })
  await ledger.settle({ agent: bob.id, ids: [message!.id], state: 'shown', route: 'fetch', at: start })
  expect(await ledger.purge({ now: start + 100 * day, before: start + 99 * day, limit: 10 })).toBe(1)
  await ledger.close()
  const again = await openLedger({ file })
  onTestFinished(() => again.close())
  expect(await again.bring(item('one', 'bob'))).toEqual({ kind: 'known' })
  expect(await again.brought(['one', 'two'])).toEqual(['one'])
  expect(await waiting(again, bob.id, start)).toBe(0)
})

test('what was read there is history here: counted nowhere, pushed to nobody, shown to its reader on request', async () => {
  const ledger = await open()
  const bob = await claim(ledger, 'bob')
  const pushed: string[] = []
  ledger.onAppend(({ message }) => pushed.push(message.content))
  expect(await ledger.bring(item('read', 'bob', { read: true }))).toEqual({ kind: 'kept' })
  await ledger.bring(item('unread', 'bob'))
  await ledger.bring(item('read too', 'bob', { read: true }))
  expect(pushed).toEqual(['unread'])
  expect(await unreadContents(ledger, bob.id)).toEqual(['unread'])
  expect(await waiting(ledger, bob.id)).toBe(1)
  const { messages } = await ledger.history({
    agent: bob.id,
    with: undefined,
    thread: undefined,
    before: undefined,
    limit: 9,
  })
  expect(messages.map(({ content }) => content)).toEqual(['read too', 'unread', 'read'])
  // It stays as long as history that was read here just now.
  expect(await ledger.purge({ now: start + day, before: start - 1, limit: 10 })).toBe(0)
})

test('read mail for a name that nobody has does not wait for whoever takes it', async () => {
  const ledger = await open()
  await ledger.bring(item('read', 'later', { read: true }))
  await ledger.bring(item('unread', 'later'))
  const later = await claim(ledger, 'later')
  expect(await unreadContents(ledger, later.id)).toEqual(['unread'])
  expect(await waiting(ledger, later.id)).toBe(1)
})

test('names are looked up as of now, not as of when it was sent', async () => {
  const ledger = await open()
  const bob = await claim(ledger, 'old')
  await ledger.rename({
    agent: bob.id,
    to: nameOf('bob'),
    now: start - 3 * hour,
    forwardUntil: start - hour,
    notAfter: start,
    extendTo: start,
  })
  await ledger.bring(item('for whoever is called old now', 'old'))
  expect(await unreadContents(ledger, bob.id)).toEqual([])
})

test('an agent that is brought was last seen when it was, and one that is here does not look older', async () => {
  const ledger = await open()
  const request = { name: nameOf('bob'), keyHash: 'key', now: start, extendTo: start }
  await ledger.claim({ ...request, lastSeenAt: start - day })
  const seen = async () => (await ledger.agents({ after: undefined, limit: 9 })).agents[0]?.lastSeenAt
  expect(await seen()).toBe(start - day)
  await ledger.claim(request)
  await ledger.claim({ ...request, lastSeenAt: start - day })
  expect(await seen()).toBe(start)
})

test('a copy of a ledger in memory has what was answered before', async () => {
  const ledger = await open()
  await send(ledger, await claim(ledger, 'alice'), { to: 'bob', content: 'kept' })
  const file = `${temporaryFolder()}/copy.db`
  expect(await ledger.copyTo(file, () => undefined)).toMatchObject({ messages: 1, agents: 1, blobs: [] })
  const copy = await openLedger({ file })
  onTestFinished(() => copy.close())
  expect(await unreadContents(copy, (await claim(copy, 'bob')).id)).toEqual(['kept'])
})
