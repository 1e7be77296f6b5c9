import { connectAsync } from 'mqtt'
import type { Address, Driver } from '../driver.ts'

/** At least once, with a session that the broker keeps. */
const qos = 1

export function mqttDriver({ url }: Address): Driver {
  return {
    async join(name, received) {
      const client = await connectAsync(url, { clientId: name, clean: false })
      // The client acknowledges when its listeners have returned.
      client.on('message', (_topic, body) => received(body.toString()))
      await client.subscribeAsync(`mail/${name}`, { qos })
      return {
        async send(to, body) {
          await client.publishAsync(`mail/${to}`, body, { qos })
        },
        leave: () => client.endAsync(),
      }
    },
  }
}
