import type { Message, MessageId } from '../../../protocol/index.ts'
import { button, byId, element, timeElement } from './elements.ts'
import { largeBodyControls, type Download } from './large-body.ts'
import { Sight } from './sight.ts'

/** Messages that are kept on the page. What has not been seen is never taken away. */
const keptAtMost = 500
/** Pixels from the end of the list that count as its end. */
const nearEnd = 48

interface ListEvents {
  /** A person can have seen it. */
  readonly seen: (message: Message) => void
  readonly reply: (message: Message) => void
  readonly download: Download
  /** How many have not been seen has changed. */
  readonly unseen: (count: number) => void
}

/** Received and sent messages in their order, and which of them a person has seen. */
export class MessageList {
  readonly frame = byId('mail', HTMLElement)
  readonly #list = byId('messages', HTMLOListElement)
  readonly #sight = new Sight(this.frame)
  readonly #unseen = new Set<HTMLLIElement>()
  readonly #received = new Map<MessageId, HTMLLIElement>()
  readonly #events: ListEvents

  constructor(events: ListEvents) {
    this.#events = events
  }

  get isEmpty(): boolean {
    return this.#list.childElementCount === 0
  }

  /** Shows a message from a peer, once [P-33]. */
  receive(message: Message): void {
    const here = this.#received.get(message.id)
    if (here) {
      // A connection was lost with the acknowledgement.
      if (!this.#unseen.has(here)) this.#events.seen(message)
      return
    }
    const item = receivedItem(message, this.#events)
    this.#received.set(message.id, item)
    // What is not seen yet must not be scrolled away by what follows it.
    const follows = this.#unseen.size === 0
    this.#append(item, follows)
    this.#unseen.add(item)
    this.#events.unseen(this.#unseen.size)
    this.#sight.watch(item, () => {
      item.classList.remove('unseen')
      this.#unseen.delete(item)
      this.#events.unseen(this.#unseen.size)
      this.#events.seen(message)
    })
  }

  /** Shows a message of this page's own. The returned function says what became of it. */
  send(to: string, text: string): (fate: string, wrong?: boolean) => void {
    const item = element('li', 'sent')
    const fate = element('p', 'fate', 'Sending …')
    const heading = element('p', 'about', `To ${to === '#all' ? 'everyone' : to}, `)
    heading.append(timeElement(new Date().toISOString()))
    item.append(heading, bodyElement(text), fate)
    this.#append(item, true)
    return (words, wrong = false) => {
      fate.textContent = words
      fate.classList.toggle('wrong', wrong)
    }
  }

  /** The hub will push again what was not acknowledged: it goes, so that it is not here twice. */
  dropUnseen(): void {
    for (const [id, item] of this.#received) {
      if (!this.#unseen.delete(item)) continue
      this.#received.delete(id)
      this.#sight.forget(item)
      item.remove()
    }
    this.#events.unseen(0)
  }

  showFirstUnseen(): void {
    const [first] = this.#unseen
    first?.scrollIntoView({ block: 'start' })
    this.frame.focus()
  }

  #append(item: HTMLLIElement, follow: boolean): void {
    const { scrollHeight, scrollTop, clientHeight } = this.frame
    const isAtEnd = scrollHeight - scrollTop - clientHeight < nearEnd
    this.#list.append(item)
    for (const old of [...this.#list.children].slice(0, -keptAtMost)) {
      if (!this.#unseen.has(old as HTMLLIElement)) old.remove()
    }
    for (const [id, received] of this.#received) if (!received.isConnected) this.#received.delete(id)
    if (follow && isAtEnd && document.visibilityState === 'visible') item.scrollIntoView({ block: 'nearest' })
  }
}

function receivedItem(message: Message, { reply, download }: ListEvents): HTMLLIElement {
  const { from, to, sentAt, content, blob, data, priority, kind, thread } = message
  const item = element('li', 'received unseen')
  item.dataset['id'] = message.id
  const heading = element('p', 'about', priority === 'urgent' ? 'Urgent: ' : '')
  heading.append(
    element('strong', 'sender', from),
    to.startsWith('#') ? ` to ${to === '#all' ? 'everyone' : to}, ` : ', ',
  )
  heading.append(timeElement(sentAt), thread === undefined ? '' : ` (${JSON.stringify(thread)})`)
  item.append(heading, bodyElement(content))
  if (data) item.append(element('pre', 'body', JSON.stringify(data, null, 2)))
  if (blob) item.append(largeBodyControls(blob, download))
  if (kind === 'message') item.append(button('Answer', () => reply(message)))
  return item
}

function bodyElement(text: string): HTMLParagraphElement {
  const body = element('p', 'body', text)
  body.dir = 'auto'
  return body
}
