import { createPortableClient, storedKeys, type Client, type ClientState } from '../../client/portable.ts'
import type { TextStorage } from '../../client/portable.ts'
import type { Visit } from './memory.ts'
import type { MessageList } from './message-list.ts'
import type { Outgoing } from './outgoing.ts'

interface ConversationEvents {
  readonly state: (state: ClientState) => void
  /** Names that this page knows of, those online first when it came. */
  readonly names: (names: readonly string[]) => void
  readonly trouble: (error: unknown) => void
}

interface ConversationParts {
  readonly storage: TextStorage
  readonly list: MessageList
  readonly outgoing: Outgoing
  readonly events: ConversationEvents
}

/** A client, not started yet, whose mail goes to the list. Names keep their keys in the browser, apart for each hub. */
export function openConversation(
  { url, secret }: Visit,
  { storage, list, outgoing, events }: ConversationParts,
): Client {
  const client = createPortableClient({
    client: { name: 'browser-page' },
    url,
    secret,
    keys: storedKeys(storage, URL.parse(url)?.host ?? url),
    routes: ['fetch'],
    presence: true,
    onError: events.trouble,
  })
  const names = new Set<string>()
  const meet = (...met: string[]): void => {
    for (const name of met) names.add(name)
    events.names([...names])
  }
  const lookAround = async (): Promise<void> => {
    const { agents } = await client.request('list', { limit: 200 })
    const byPresence = agents.toSorted((a, b) => Number(b.online) - Number(a.online))
    meet(...byPresence.map(({ name }) => name))
  }
  const catchUp = async (): Promise<void> => {
    const { receipts } = await client.request('receipts', { limit: 50 })
    outgoing.catchUp(receipts)
  }
  client.on('state', events.state)
  client.on('message', (message) => list.receive(message))
  client.on('reset', () => list.dropUnseen())
  client.on('receipt', (receipt) => outgoing.step(receipt))
  client.on('presence', ({ name }) => meet(name))
  client.on('renamed', ({ name }) => meet(name))
  client.on('attached', () => void Promise.all([lookAround(), catchUp()]).catch(events.trouble))
  return client
}
