import { fenceMail, type MailView } from './fence.ts'

/** Unread mail as every route shows it: fenced, with how to answer. */
export function mailText(views: readonly MailView[]): string {
  return `${fenceMail(views)}\n\n${replyHint(views)}`
}

function replyHint(views: readonly MailView[]): string {
  const last = views.findLast(({ message }) => message.kind === 'message')?.message
  if (!last) return 'End of the Bellhop mail.'
  return `End of the Bellhop mail. To answer a message: send {"to":"${last.from}","content":"…","replyTo":"${last.id}"} (this answers the last one).`
}
