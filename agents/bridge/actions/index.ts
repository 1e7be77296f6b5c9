import type { ActionName } from '../request.ts'
import type { Action } from '../services.ts'
import { broadcast } from './broadcast.ts'
import { check } from './check.ts'
import { list } from './list.ts'
import { rename } from './rename.ts'
import { send } from './send.ts'

/** What a session can ask for. A new action is a file here, a row here, and a row in `request.ts`. */
export const actions: { readonly [A in Exclude<ActionName, 'register'>]: Action<A> } = {
  send,
  broadcast,
  check,
  list,
  rename,
}
