import type { Operations } from '../operations.ts'
import { prepareAdopt } from './adopt-mailbox.ts'
import { prepareAgents } from './agents.ts'
import { prepareAppend } from './append.ts'
import { prepareBlobs } from './blobs.ts'
import { prepareBring, prepareBrought } from './bring.ts'
import { prepareClaim } from './claim.ts'
import { prepareExpire } from './expire.ts'
import { prepareAccepted } from './find-duplicate.ts'
import { prepareFind } from './find.ts'
import { prepareHistory } from './history.ts'
import { preparePurge } from './purge.ts'
import { prepareReceipts } from './receipts.ts'
import { prepareRelease } from './release.ts'
import { prepareRename } from './rename.ts'
import { prepareSessions } from './sessions.ts'
import { prepareSettle } from './settle.ts'
import type { Store } from './store.ts'
import { prepareEnter, prepareExit, prepareJoin, prepareLeave, prepareTopics } from './topics.ts'
import { prepareTroubles } from './troubles.ts'
import { prepareCountUnread, prepareUnread } from './unread.ts'
import { prepareVitals } from './vitals.ts'

/** Every operation over one store, its statements prepared. */
export function createOperations(store: Store): Operations {
  const adopt = prepareAdopt(store)
  const enter = prepareEnter(store)
  const exit = prepareExit(store)
  const append = prepareAppend(store)
  const agents = prepareAgents(store)
  return {
    ...agents,
    ...prepareSessions(store),
    ...prepareBlobs(store),
    ...prepareTroubles(store),
    append,
    bring: prepareBring(store, append),
    brought: prepareBrought(store),
    accepted: prepareAccepted(store),
    unread: prepareUnread(store),
    countUnread: prepareCountUnread(store),
    head: store.head,
    find: prepareFind(store),
    settle: prepareSettle(store),
    receipts: prepareReceipts(store),
    claim: prepareClaim(store, enter, adopt),
    rename: prepareRename(store, adopt),
    release: prepareRelease(store, exit),
    join: prepareJoin(store, enter),
    leave: prepareLeave(store, exit),
    topics: prepareTopics(store),
    expire: prepareExpire(store),
    purge: preparePurge(store),
    history: prepareHistory(store),
    vitals: prepareVitals(store, agents.countAgents),
  }
}
