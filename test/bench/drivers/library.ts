import { createClient } from '../../../agents/client/index.ts'
import { limits, type MessageId } from '../../../protocol/index.ts'
import type { Address, Driver } from '../driver.ts'

/** The product's own client library, as its users have it. */
export function libraryDriver({ url, home = '' }: Address): Driver {
  return {
    async join(name, received) {
      const client = createClient({
        client: { name: 'bench' },
        address: url,
        home,
        window: limits.windowMax,
        onError: (error) => {
          throw error
        },
      })
      const acknowledge = (id: MessageId): void => void client.ack([id], 'shown', 'fetch')
      client.on('message', ({ id, content, blob }) => {
        if (blob === undefined) received(content)
        else void client.download(blob).then((bytes) => received(new TextDecoder().decode(bytes)))
        acknowledge(id)
      })
      client.start()
      await client.register({ name })
      return {
        async send(to, content) {
          await client.send({ to, content })
        },
        async broadcast(content) {
          await client.send({ to: '#all', content })
        },
        leave: () => client.close(),
      }
    },
  }
}
