import { Address } from '../../../protocol/index.ts'
import { refusedHere } from '../../client/failures.ts'
import { bridgeLimits } from '../limits.ts'
import { ok } from '../outcome.ts'
import { draftOf } from '../outgoing.ts'
import type { Action } from '../services.ts'

export const send: Action<'send'> = async (_services, { presence: { client } }, { to_id: to, message }) => {
  if (!Address.safeParse(to).success) throw refusedHere('name_invalid', `"${to.slice(0, 64)}" is not a valid name.`)
  const draft = await draftOf(client, to, message)
  const { outlook } = await client.send(draft, { timeoutMs: bridgeLimits.hubMs })
  if (outlook.kind === 'unregistered') return ok({ message: `Message queued for ${outlook.name} (not yet registered)` })
  if (outlook.kind !== 'topic' && outlook.forwardedFrom !== undefined) {
    return ok({ message: `Message forwarded from ${outlook.forwardedFrom} to ${outlook.name}` })
  }
  return ok({ message: 'Message sent' })
}
