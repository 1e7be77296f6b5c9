import type { Message } from '../../../protocol/index.ts'
import type { openLedger } from '../../../hub/ledger/index.ts'
import { openInlineLedger } from './inline-ledger.ts'

type Opened = Awaited<ReturnType<typeof openLedger>>

/** True for every so manieth call. */
function every(count: number): () => boolean {
  let calls = 0
  return () => (calls += 1) % count === 0
}

/** What a ledger may do wrong. Each puts something in the place of some operations of a ledger that is right. */
const faults = {
  'drops mail': (ledger) => ({
    unread: async (query) => (await ledger.unread(query)).filter(({ seq }) => seq % 3 !== 0),
  }),
  'mixes up the order': (ledger) => ({
    unread: async (query) => (await ledger.unread(query)).toReversed(),
  }),
  'pushes nothing at once': () => ({ onAppend: () => {} }),
  'forgets that an agent has left a topic': () => ({ leave: () => Promise.resolve(true) }),
  'forgets that an agent has joined a topic': (ledger) => ({
    join: async (change) => {
      const outcome = await ledger.join(change)
      await ledger.leave(change)
      return outcome
    },
  }),
  'hands mail to a newcomer': (ledger) => {
    const known: Message[] = []
    return {
      append: async (draft) => {
        const outcome = await ledger.append(draft)
        if (outcome.kind === 'stored') known.push(outcome.message)
        return outcome
      },
      unread: async (query) => {
        const own = await ledger.unread(query)
        return own.length === 0 ? known.slice(0, 1).filter(({ seq }) => seq > query.after) : own
      },
    }
  },
  'stores a repeated send again': (ledger) => {
    let count = 0
    return { append: (draft) => ledger.append({ ...draft, clientId: `${draft.clientId}-${(count += 1)}` }) }
  },
  'takes more than a mailbox may hold': (ledger) => ({
    append: (draft) => ledger.append({ ...draft, depth: Infinity }),
  }),
  'lets receipts go back': (ledger) => {
    const now = every(4)
    return {
      settle: (settlement) => ledger.settle(now() ? { ...settlement, state: 'offered' } : settlement),
    }
  },
  'never lets mail expire': () => ({ expire: () => Promise.resolve(0) }),
  'tells nobody of bad ends': () => ({ troubles: () => Promise.resolve([]) }),
  'forwards for ever': (ledger) => ({
    rename: (change) => ledger.rename({ ...change, forwardUntil: Number.MAX_SAFE_INTEGER }),
  }),
  'lets an agent be renamed at any time': (ledger) => ({
    rename: (change) => ledger.rename({ ...change, notAfter: change.now + 1 }),
  }),
  'gives a name to any key': (ledger) => ({ claim: (change) => ledger.claim({ ...change, keyHash: 'any' }) }),
  'lets sessions last for ever': (ledger) => ({
    session: (query) => ledger.session({ ...query, now: 0 }),
    purge: () => Promise.resolve(0),
  }),
  'bounces nothing on release': (ledger) => ({
    release: async (release) => {
      await ledger.release(release)
      return 0
    },
  }),
  'forgets how an agent wants to be told': () => ({ configure: () => Promise.resolve() }),
} satisfies Record<string, (ledger: Opened) => Partial<Opened>>

export type LedgerFault = keyof typeof faults
export const ledgerFaults = Object.keys(faults) as LedgerFault[]

let planted: LedgerFault | undefined

/** Which fault the ledgers have that are opened from now on. */
export function plantInLedger(fault: LedgerFault | undefined): void {
  planted = fault
}

/** Opens a ledger with the planted fault. */
export const openPlantedLedger: typeof openLedger = async (options) => {
  const ledger = await openInlineLedger(options)
  return planted === undefined ? ledger : { ...ledger, ...faults[planted](ledger) }
}
