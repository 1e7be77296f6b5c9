import type { Caught, Match } from './matching.ts'
import { replyOrBroadcast, send } from './messages.ts'
import { ownName, typedName } from './names.ts'
import type { Row } from './phrase.ts'
import { doubt, type Doubt, type Reading, type Scene } from './reading.ts'
import { judgeRecipient } from './recipient.ts'

/** What a row means with what it has caught. Undefined: it was another phrase after all, so look further. */
export function carryOut(row: Row, match: Match, scene: Scene): Reading | undefined {
  const { intent } = row
  switch (intent) {
    case 'ask':
      return askBack(row, match, scene)
    case 'check':
      return match.to && !isSomebody(match.to, scene) ? undefined : { intent }
    case 'list':
    case 'auto-check-stop':
    case 'auto-check-status':
      return { intent }
    case 'auto-check-start':
      return startAutoCheck(match)
    case 'register':
    case 'rename':
      return match.name && takeName(intent, match.name, scene)
    case 'forward':
      return match.to && forward(match.to, scene)
    case 'send':
      return match.to && match.text && send(row, match.to, match.text, scene)
    case 'reply':
    case 'broadcast':
      return match.text && replyOrBroadcast(intent, row, match.text, scene)
  }
}

function askBack({ question, examples = [] }: Row, { to, name }: Match, { sentence }: Scene): Doubt {
  const word = name ?? to
  const own = word && typedName(sentence, word)
  const named = own && own.problem === undefined ? examples.map((example) => example.replace('NAME', own.name)) : []
  return doubt(question, ...(named.length > 0 ? named : examples))
}

function startAutoCheck({ rhythm }: Match): Reading {
  if (!rhythm) return { intent: 'auto-check-start' }
  const { minutes } = rhythm
  if (minutes !== undefined) return { intent: 'auto-check-start', minutes }
  const question = 'Auto-check takes whole minutes from 1 to 60, or 0 for at once. Which shall it be?'
  return doubt(question, 'start auto checking 5', 'start auto checking 60', 'start auto checking')
}

function takeName(intent: 'register' | 'rename', caught: Caught, { sentence }: Scene): Reading {
  const own = ownName(sentence, caught)
  if ('name' in own) return { intent, name: own.name }
  return doubt(own.question, intent === 'register' ? 'register as NAME' : 'rename to NAME')
}

/** "Any mail from rose?", but not "from customers". */
function isSomebody(caught: Caught, { sentence, known }: Scene): boolean {
  return 'to' in judgeRecipient(sentence, caught, { footing: 'firm', known, body: undefined, isParted: true })
}

function forward(caught: Caught, { sentence, known }: Scene): Reading {
  const recipient = judgeRecipient(sentence, caught, { footing: 'firm', known, body: undefined, isParted: true })
  if ('to' in recipient) return { intent: 'forward', to: recipient.to }
  return doubt(recipient.question, ...recipient.choices.map((choice) => `forward to ${choice}`), 'forward to NAME')
}
