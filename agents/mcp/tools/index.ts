import type { Tool } from '../tool.ts'
import { ask } from './ask.ts'
import { autoCheck } from './auto-check.ts'
import { broadcast } from './broadcast.ts'
import { check } from './check.ts'
import { history } from './history.ts'
import { join } from './join.ts'
import { leave } from './leave.ts'
import { listInstances } from './list-instances.ts'
import { receipts } from './receipts.ts'
import { register } from './register.ts'
import { rename } from './rename.ts'
import { send } from './send.ts'
import { shareCommand } from './share-command.ts'
import { shareFile } from './share-file.ts'
import { wait } from './wait.ts'

/** Every tool, in the order in which assistants list them. */
export const tools: readonly Tool[] = [
  register,
  send,
  ask,
  broadcast,
  check,
  wait,
  listInstances,
  rename,
  join,
  leave,
  shareFile,
  shareCommand,
  history,
  receipts,
  autoCheck,
]
