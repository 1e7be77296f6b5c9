import type { Row } from './phrase.ts'

/** Phrases that send something to others. */
export const mailPhrases: readonly Row[] = [
  {
    intent: 'ask',
    question: 'A message is forwarded to one name or one #topic: to which? For everyone there is broadcast.',
    forms: [
      '(forward|fwd) [{last}] [on] [to {everyone}]',
      '(pass|relay|hand|share) {last} [on|along] (to|with) {everyone}',
    ],
    examples: ['forward to NAME'],
  },
  {
    intent: 'forward',
    forms: [
      '(forward|fwd) [{last}] [on|along] (to|for) [:] <to>',
      '(forward|fwd) {last} [on|along] to <to> as well',
      '(pass|relay|hand) {last} [on|along|over] to <to>',
      '(pass|relay|hand) (on|along) {last} to <to>',
      'share the (last|latest|previous) (message|msg|mail) with <to>',
      'send (the|that) (last|latest|previous) (message|msg|mail) [on|along] to <to>',
    ],
    examples: ['forward to NAME'],
  },
  {
    intent: 'ask',
    question: 'A message is forwarded to one name or one #topic at a time. To which?',
    forms: ['(forward|fwd|pass|relay) [{last}] [on|along] to <to> (and|or|,) <text>'],
    examples: ['forward to NAME'],
  },
  {
    intent: 'ask',
    question: 'A reply goes to the last sender alone. For everyone there is broadcast: which is meant?',
    forms: ['(reply|respond|answer) [to] (all|everyone|everybody) <text>'],
    examples: ['reply: got it', 'broadcast: got it'],
  },
  {
    intent: 'reply',
    forms: [
      '(reply|respond|answer|write back|reply back|respond back) [to {them}] (with|saying|that|to say|by saying) [that] <text>',
      '(reply|respond|write back|reply back|respond back) [to {them}] (:|,) <text>',
      'answer (him|her|them|back|the last message|the last sender|the sender) [with|that|saying] <text>',
      '(send|write) (a|the|this) (reply|answer|response) [saying|that|with] : <text>',
      '(send|write) (a|the) (reply|answer|response) (saying|that) <text>',
    ],
    examples: ['reply: got it'],
  },
  {
    intent: 'send',
    forms: ['(reply|respond|answer|write back) to <to> [with|saying|that|about] <text>'],
    footing: 'firm',
  },
  { intent: 'reply', forms: ['(reply|respond) <text>'], footing: 'noun', examples: ['reply: got it'] },
  {
    intent: 'broadcast',
    forms: [
      '(broadcast|announce|shout) [a|the|this] [{message}|announcement] to {everyone} [{saying}] <text>',
      '(send|make|post) [out] [a|an|the|this] (broadcast|announcement) [to {everyone}] [{saying}] <text>',
      '(tell|msg|message|notify|inform|ask|ping|dm|text|mail|alert) [to] {everyone} [{saying}|of|to|this :|the following :] <text>',
      'let {everyone} know [that|about] <text>',
      '(send|write|say|post|relay|leave|give) [out] [a|the|this|the following] [{message}] (to|for) {everyone} [{saying}] <text>',
      '(send|drop|write|give) {everyone} (a|this|the following) {message} [{saying}] <text>',
      '(send|write|{message}) [{message}] to {everyone} <text>',
    ],
    examples: ['broadcast: hello'],
  },
  {
    intent: 'broadcast',
    footing: 'loose',
    forms: ['(send|say) <text> to {everyone}', 'send {everyone} <text>', '(@everyone|@all) <text>'],
  },
  { intent: 'broadcast', forms: ['(broadcast|announce|shout) <text> to {everyone}'], examples: ['broadcast: hello'] },
  {
    intent: 'send',
    footing: 'firm',
    forms: ['(post|say|write|broadcast|announce) [a|the] [{message}] (in|on|into|to) <topic> [{saying}] <text>'],
    examples: ['msg #frontend: hello'],
  },
  {
    intent: 'ask',
    question: 'A broadcast goes to everyone. Is everyone meant, or one name or #topic?',
    forms: ['(broadcast|announce) [a|the] [{message}] (to|on|in) <to> <text>'],
    examples: ['broadcast: hello', 'msg NAME: hello'],
  },
  {
    intent: 'broadcast',
    footing: 'noun',
    forms: [
      'broadcast [a|the|this|the following] [{message}] ({saying}|:) <text>',
      'broadcast <text>',
      '(announcement|announce) (that|:) <text>',
    ],
    examples: ['broadcast: hello'],
  },
  {
    intent: 'ask',
    question: 'Which name or #topic is meant?',
    forms: ['(send|say|forward) <text> to (the|our|my|your) <name> [team|group|channel|topic|people|folks]'],
    examples: ['msg #NAME: hello', 'msg NAME: hello'],
  },
  {
    intent: 'ask',
    question: 'Is the last message to be forwarded? Or what is to be sent?',
    forms: ['(send|relay|give|show) (it|this|that|these|those) to <to>', 'share (it|this|that) with <to>'],
    examples: ['forward to NAME', 'msg NAME: hello'],
  },
  {
    intent: 'send',
    footing: 'firm',
    forms: [
      '(send|leave|write|post|drop|relay|give|shoot) [out] [a|an|the|this|the following|another] [new|quick|short] {message} (to|for) <to> [{saying}] <text>',
      '(send|leave|write|drop|give|shoot|pass) <to> (a|the|this|the following|another) [new|quick|short] {message} [{saying}|to] <text>',
      '(a|new) (message|msg|note) (to|for) <to> [{saying}] <text>',
      'let <to> know [that|about] <text>',
      '(tell|ask) [to] <to> (this|the following) : <text>',
      'tell [to] <to> [that|about|to] <text>',
      'ask [to] <to> [to] <text>',
      '(notify|inform|alert) [to] <to> [that|about|of|to] <text>',
      '(send|relay|pass on|say|pass this on|send this|pass this|relay this) to <to> [{saying}] <text>',
      'send (the following|this) to <to> : <text>',
      'send <to> (the following|this) : <text>',
    ],
    examples: ['tell NAME: hello', 'ask NAME: hello?', 'send a message to NAME: hello', 'let NAME know: hello'],
  },
  {
    intent: 'send',
    footing: 'noun',
    forms: [
      '(msg|message|dm|text|ping) [to|for] <to> (this|the following) : <text>',
      '(msg|message|dm|text|ping) [to|for] <to> [{saying}|to] <text>',
      'send [a] (msg|message) <to> [{saying}] <text>',
    ],
    examples: ['msg NAME: hello', 'message NAME: hello'],
  },
  {
    intent: 'send',
    footing: 'loose',
    forms: [
      '(send|mail|write to) <to> : <text>',
      '(send|say) <text> to <to>',
      '(send|mail|write to|note to|note for) <to> <text>',
    ],
    examples: ['send to NAME: hello'],
  },
  {
    intent: 'ask',
    question: 'Is this a message? Then put "msg" before it.',
    forms: ['<mention> <text>'],
    examples: ['msg NAME: hello'],
  },
  {
    intent: 'ask',
    question: 'What is to be said, and to whom?',
    forms: ['(msg|message|tell|send|ask) [a message]'],
    examples: ['msg NAME: hello'],
  },
  {
    intent: 'ask',
    question: 'What is to be said?',
    forms: ['broadcast|announce|reply|respond'],
    examples: ['broadcast: hello', 'reply: got it'],
  },
]
