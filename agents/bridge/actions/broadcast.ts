import { everyone } from '../../../protocol/index.ts'
import { ClientError } from '../../client/index.ts'
import { bridgeLimits } from '../limits.ts'
import { ok } from '../outcome.ts'
import { draftOf } from '../outgoing.ts'
import type { Action } from '../services.ts'

/** Says how many get it: those whose mailbox is full do not. */
export const broadcast: Action<'broadcast'> = async (_services, { presence: { client } }, { message }) => {
  const draft = await draftOf(client, everyone, message)
  try {
    const { outlook } = await client.send(draft, { timeoutMs: bridgeLimits.hubMs })
    const { recipients, bounced } = outlook.kind === 'topic' ? outlook : { recipients: 1, bounced: 0 }
    const left = bounced === 0 ? '' : `; it did not reach ${bounced} more, whose mailbox is full`
    return ok({ message: `Broadcast to ${recipients - bounced} instances${left}` })
  } catch (error) {
    if (error instanceof ClientError && error.reason === 'no_recipients') {
      return ok({ message: 'Broadcast to 0 instances' })
    }
    throw error
  }
}
