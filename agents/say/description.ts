import type { Understanding } from './understanding.ts'

/** Characters of a text that are shown. */
const shownLength = 200

/** One sentence that says what was understood, and so what is going to be done. */
export function describe(understanding: Understanding): string {
  switch (understanding.intent) {
    case 'register':
      return `Register as ${understanding.name}.`
    case 'send':
      return `Send to ${understanding.to}: ${quote(understanding.text)}.`
    case 'reply':
      return `Reply to the sender of the last message: ${quote(understanding.text)}.`
    case 'forward':
      return `Forward the last message to ${understanding.to}.`
    case 'broadcast':
      return `Send to everyone: ${quote(understanding.text)}.`
    case 'check':
      return 'Show new messages.'
    case 'list':
      return 'List who is registered and who is online.'
    case 'rename':
      return `Rename to ${understanding.name}.`
    case 'auto-check-start':
      return startText(understanding.minutes ?? 0)
    case 'auto-check-stop':
      return 'Stop auto-check.'
    case 'auto-check-status':
      return 'Say how auto-check stands.'
    case 'unknown':
      return understanding.question ?? 'This is not understood, so nothing is done.'
  }
}

function startText(minutes: number): string {
  if (minutes === 0) return 'Start auto-check: mail is shown at once.'
  return `Start auto-check: mail is shown every ${minutes === 1 ? 'minute' : `${minutes} minutes`}.`
}

/** In one line, and no longer than a line should be. */
function quote(text: string): string {
  return JSON.stringify(text.length > shownLength ? `${text.slice(0, shownLength)}…` : text)
}
