import './csp.ts'
import { ClientError, type Client, type ClientState } from '../../client/portable.ts'
import type { Message } from '../../../protocol/index.ts'
import { openConversation } from './conversation.ts'
import { diagnose } from './diagnosis.ts'
import { byId } from './elements.ts'
import { openStorage, recallVisit, rememberVisit, type Visit } from './memory.ts'
import { MessageList } from './message-list.ts'
import { Outgoing } from './outgoing.ts'
import { ProblemBox } from './problem-box.ts'
import { LetterForm } from './letter-form.ts'
import { stateWords } from './state-words.ts'

const defaultHub = 'ws://127.0.0.1:9870'
/** The longest that a timer can wait, in milliseconds: 24 days. */
const longestMs = 2 ** 31 - 1

const entrance = byId('entrance', HTMLFormElement)
const url = byId('url', HTMLInputElement)
const secret = byId('secret', HTMLInputElement)
const remember = byId('remember', HTMLInputElement)
const name = byId('name', HTMLInputElement)
const leave = byId('leave', HTMLButtonElement)
const unseen = byId('unseen', HTMLButtonElement)

const { storage, lasting } = openStorage()
const problem = new ProblemBox()
const letter = new LetterForm()
let client: Client | undefined

const list = new MessageList({
  seen: (message: Message) => void client?.ack([message.id], 'shown', 'fetch'),
  reply: (message) => letter.answer(message),
  download: async (blob) => attempt(async () => client?.download(blob)),
  unseen(count) {
    document.title = count > 0 ? `(${count}) Bellhop` : 'Bellhop'
    unseen.hidden = count === 0
    unseen.textContent = `${count} not seen yet`
  },
})
const outgoing = new Outgoing(list)

/** Runs what a person asked for, and shows what went wrong. */
async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    const result = await work()
    problem.clear()
    return result
  } catch (error) {
    problem.show(error)
    return undefined
  }
}

function visitInForm(): Visit {
  return { url: url.value.trim(), name: name.value.trim(), secret: secret.value.trim() || undefined }
}

async function enter(takeOver: boolean): Promise<void> {
  const visit = visitInForm()
  await client?.close()
  problem.clear()
  const opened = openConversation(visit, {
    storage,
    list,
    outgoing,
    events: {
      state: (state) => opened === client && show(state, visit.url),
      names: (names) => letter.suggest(names),
      trouble: (error) => opened === client && problem.show(error),
    },
  })
  client = opened
  opened.start()
  // As long as it takes: the page says meanwhile what it waits for.
  const attached = await attempt(() => opened.register({ name: visit.name, takeOver }, { timeoutMs: longestMs }))
  if (!attached) return
  rememberVisit(storage, { ...visit, secret: remember.checked ? visit.secret : undefined })
  letter.focus()
}

function show(state: ClientState, hub: string): void {
  byId('state', HTMLElement).textContent = stateWords(state, hub)
  const isIn = client?.registration !== undefined && state.kind !== 'closed'
  entrance.hidden = isIn
  list.frame.hidden = !isIn && list.isEmpty
  for (const id of ['letter', 'leave']) byId(id, HTMLElement).hidden = !isIn
  if (state.kind === 'registered') problem.clear()
  if ((state.kind === 'closed' || state.kind === 'ready') && state.cause) problem.show(state.cause)
  if (state.kind === 'waiting') void explainWaiting(state.cause, hub)
}

async function explainWaiting(cause: ClientError, hub: string): Promise<void> {
  const found = await diagnose(hub)
  // Meanwhile the next attempt may have gone well, or the person away.
  const now = client?.state.kind
  if (now === 'waiting' || now === 'connecting') problem.show(found ?? cause)
}

entrance.addEventListener('submit', (event) => {
  event.preventDefault()
  void enter(false)
})
problem.onTakeOver(() => void enter(true))
unseen.addEventListener('click', () => list.showFirstUnseen())
leave.addEventListener('click', () => void client?.close())
letter.onSend(async ({ to, text, answers }) => {
  if (!client) return false
  try {
    await outgoing.send(client, to, text, answers)
    problem.clear()
    return true
  } catch (error) {
    problem.show(error)
    // It may be stored: a text that came back would be sent a second time.
    return error instanceof ClientError && error.reason === 'unconfirmed'
  }
})

const last = recallVisit(storage)
url.value = last.url ?? defaultHub
name.value = last.name ?? ''
secret.value = last.secret ?? ''
remember.checked = last.secret !== undefined
if (!lasting) {
  problem.show(
    new ClientError({
      reason: 'internal',
      message: 'This browser lets the page keep nothing: a name that you take is lost with the page.',
      next: 'Allow this page to store data, or go on without.',
    }),
  )
}
