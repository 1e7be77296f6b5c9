import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import type { Address, Driver } from '../driver.ts'

/** One stream holds all mail, each mailbox is a subject. */
const stream = 'MAIL'
/** Messages that a reader may hold unacknowledged: the hub's largest window. */
const window = 1_024

/** JetStream through its own client: publish with acknowledgement, a durable consumer for each reader. */
export function natsDriver({ url }: Address): Driver {
  return {
    async join(name, received) {
      const connection = await connect({ servers: url })
      const manager = await jetstreamManager(connection)
      await manager.streams.add({ name: stream, subjects: ['mail.>'], storage: StorageType.File })
      await manager.consumers.add(stream, {
        durable_name: name,
        filter_subject: `mail.${name}`,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
        max_ack_pending: window,
      })
      const client = jetstream(connection)
      const consumer = await client.consumers.get(stream, name)
      const messages = await consumer.consume({
        max_messages: window,
        callback: (message) => {
          received(message.string())
          message.ack()
        },
      })
      return {
        async send(to, body) {
          await client.publish(`mail.${to}`, body)
        },
        async leave() {
          await messages.close()
          await connection.drain()
        },
      }
    },
  }
}
