import type { Method } from '../../protocol/index.ts'
import { configure, list, reach, status } from './about.ts'
import { hello } from './hello.ts'
import type { Row } from './method.ts'
import { release, rename } from './naming.ts'
import { ack, fetch, history, receipts } from './reading.ts'
import { register } from './register.ts'
import { resume } from './resume.ts'
import { send } from './send.ts'
import { join, leave } from './topics.ts'

/** Every verb, and how far a connection must have come to use it. */
export const handlers: { readonly [M in Method]: Row<M> } = {
  hello: { needs: 'nothing', handle: hello },
  register: { needs: 'authentication', handle: register },
  resume: { needs: 'authentication', handle: resume },
  list: { needs: 'authentication', handle: list },
  status: { needs: 'authentication', handle: status },
  send: { needs: 'session', handle: send },
  fetch: { needs: 'session', handle: fetch },
  ack: { needs: 'session', handle: ack },
  history: { needs: 'session', handle: history },
  receipts: { needs: 'session', handle: receipts },
  rename: { needs: 'session', handle: rename },
  release: { needs: 'session', handle: release },
  join: { needs: 'session', handle: join },
  leave: { needs: 'session', handle: leave },
  configure: { needs: 'session', handle: configure },
  reach: { needs: 'session', handle: reach },
}
