import { limits, type Message, type Route } from '../../protocol/index.ts'
import type { Client } from '../client/index.ts'
import { saveMail } from '../mail/files.ts'
import { quoted, sanitise } from '../wording/sanitise.ts'
import { moment, size } from '../wording/words.ts'
import type { Agent } from './agent.ts'
import { writeJson } from './json.ts'
import type { CliContext } from './command.ts'
import type { Terminal } from './terminal.ts'
import { withTransfer } from './transfer.ts'

/** A message with the file that its large body was saved to. */
export interface Letter {
  readonly message: Message
  readonly file?: string
}

/** All that is unread, oldest first, without changing anything. */
export async function fetchUnread(client: Client, atMost: number, after = 0): Promise<Message[]> {
  const found: Message[] = []
  let more = true
  while (more && found.length < atMost) {
    const limit = Math.min(limits.pageRows, atMost - found.length)
    const page = await client.request('fetch', { after: found.at(-1)?.seq ?? after, limit })
    found.push(...page.messages)
    more = page.more
  }
  return found
}

/** Brings what is too large for a message to this machine. */
export async function openLetters(messages: readonly Message[], agent: Agent, context: CliContext): Promise<Letter[]> {
  const letters: Letter[] = []
  for (const message of messages) letters.push(await openLetter(message, agent, context))
  return letters
}

async function openLetter(
  message: Message,
  { client, name }: Agent,
  { machine, terminal }: CliContext,
): Promise<Letter> {
  const { blob } = message
  if (!blob) return { message }
  const bytes = await withTransfer(`Fetching what ${message.from} sent`, terminal, (moving) =>
    client.download(blob, moving),
  )
  return { message, file: await saveMail({ home: machine.home, owner: name, message, bytes }) }
}

/** `document`: one JSON object; `lines`: a JSON object on each line, for mail that goes on coming. */
export type MailForm = 'text' | 'document' | 'lines'

/**
 * Writes mail, and then says that it was shown: a reader who has gone before, such as a closed pipe, leaves it
 * unread [D-2].
 */
export async function showLetters(
  letters: readonly Letter[],
  { client }: Pick<Agent, 'client'>,
  context: CliContext,
  { form, route }: { readonly form: MailForm; readonly route: Route },
): Promise<void> {
  const { terminal, clock } = context
  if (form === 'document') writeJson(context, { messages: letters.map(jsonOf) })
  else if (form === 'lines') for (const letter of letters) terminal.write(`${JSON.stringify(jsonOf(letter))}\n`)
  else terminal.write(letters.map((letter) => letterText(letter, terminal, clock.now())).join('\n'))
  await terminal.written()
  await client.ack(
    letters.map(({ message }) => message.id),
    'shown',
    route,
  )
}

/** A message as programs get it. */
export function jsonOf({ message, file }: Letter): object {
  return { ...message, ...(file !== undefined && { file }) }
}

/** A message as a person reads it. What peers wrote cannot move a terminal's cursor or pass for a heading. */
export function letterText({ message, file }: Letter, terminal: Terminal, now: number): string {
  const { id, from, to, sentAt, priority, replyTo, thread, content, data, blob, kind } = message
  const facts = [
    moment(sentAt, now),
    priority !== 'normal' && priority,
    replyTo !== undefined && `reply to ${replyTo}`,
    thread !== undefined && `thread ${quoted(thread)}`,
    blob &&
      (blob.fileName === undefined
        ? `large message of ${size(blob.size)}`
        : `file ${quoted(blob.fileName)} of ${size(blob.size)}`),
    id,
  ].filter((fact) => typeof fact === 'string')
  const who = kind === 'notice' ? 'Notice from Bellhop' : `${from} → ${to}`
  const heading = `${terminal.paint('bold', who)}  ${terminal.paint('dim', facts.join(', '))}`
  const bodies = [
    ...(content === '' ? [] : [sanitise(content)]),
    ...(data === undefined || isForPrograms(message) ? [] : [sanitise(JSON.stringify(data))]),
    ...(file === undefined ? [] : [`Whole in ${file}`]),
  ]
  return `${heading}\n${bodies.map(indent).join('\n')}\n`
}

/** What stands in the text already, in a form for programs. */
function isForPrograms({ kind, data }: Message): boolean {
  return kind === 'notice' || data?.['kind'] === 'file'
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
