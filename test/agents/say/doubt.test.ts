import { describe, expect, test } from 'vitest'
import { understand } from '../../../agents/say/index.ts'

/** [what was typed, what the question says, what is suggested first] */
const doubts: readonly (readonly [string, RegExp, string])[] = [
  ['msg the frontend team about x', /topic #frontend\?/, 'msg #frontend: x'],
  ['tell the frontend team: x', /topic #frontend\?/, 'msg #frontend: x'],
  ['tell the front end team that x', /topic #front-end\?/, 'msg #front-end: x'],
  ['msg frontend team: x', /topic #frontend\?/, 'msg #frontend: x'],
  ['msg the #frontend topic: x', /topic #frontend\?/, 'msg #frontend: x'],
  ['msg topic frontend: x', /topic #frontend\?/, 'msg #frontend: x'],
  ['tell everyone in frontend: x', /everyone, or for a topic/, 'msg #frontend: x'],
  ['send hello to the frontend team', /which name or #topic/i, 'msg #frontend: hello'],
  ['msg alice and bob: x', /"alice" and "bob"/, 'msg alice: x'],
  ['tell alice & bob that x', /"alice" and "bob"/, 'msg alice: x'],
  ['msg alice, bob: x', /"alice" and "bob"/, 'msg alice: x'],
  ['msg alice, bob and carol: x', /"alice" and "bob" and "carol"/, 'msg alice: x'],
  ['msg alice/bob: x', /"alice" and "bob"/, 'msg alice: x'],
  ['forward it to alice and bob', /one name or one #topic/, 'forward to alice'],
  ['tell claude code: x', /"claude" alone/, 'msg claude: code: x'],
  ['msg evryone: x', /"everyone"/, 'broadcast: x'],
  ['tell claude and rose to stop', /"claude" and "rose"/, 'msg claude: stop'],
  ['tell the frontend team to stop', /topic #frontend\?/, 'msg #frontend: stop'],
  ['msg rose: first\nmsg claude: second', /"msg claude: second" a command of its own/, 'msg rose: first'],
  ['msg rose: first\r\n\r\n  and then tell claude: second', /"tell claude: second"/, 'msg rose: first'],
  [
    `msg rose: ${'first '.repeat(200)}\ncheck my messages\nmore`,
    /"check my messages"/,
    `msg rose: ${'first '.repeat(13)}fi…`,
  ],
  ['msg rose: hi\nmsgs?', /"msgs\?"/, 'msg rose: hi'],
  ["msg rose: hi\nwho's online?", /"who's online\?"/, 'msg rose: hi'],
  ['reply: got it\nbroadcast: we ship', /"broadcast: we ship"/, 'reply: got it'],
  ['broadcast: we ship\nreply: got it', /"reply: got it"/, 'broadcast: we ship'],
  ['tell rose hi and tell claude bye', /"tell claude bye"/, 'msg rose: hi'],
  ['tell rose hi and tel claude bye', /"tel claude bye"/, 'msg rose: hi'],
  ['tell rose, hi and tell claude bye', /"tell claude bye"/, 'msg rose: hi'],
  ['tell a-1 x and tell b-1 y and tell c-1 z', /"tell b-1 y and tell c-1 z"/, 'msg a-1: x'],
  ['tell rose hi, then check my messages', /"check my messages"/, 'msg rose: hi'],
  ['tell rose hi. Please list agents', /"Please list agents"/, 'msg rose: hi'],
  ['could you let rose know we ship; then broadcast: done?', /"broadcast: done\?"/, 'msg rose: we ship'],
  ['broadcast we ship and tell rose bye', /"tell rose bye"/, 'broadcast: we ship'],
  ['reply got it and check my messages', /"check my messages"/, 'reply: got it'],
  ["what's my name", /list of agents/, 'list agents'],
  ['what is my name?', /list of agents/, 'list agents'],
  ['who am i', /list of agents/, 'list agents'],
  ['help', /phrases that are understood/, 'msg claude: hello'],
  ['unregister me', /gives a name back/, 'list agents'],
  ['unregister rose', /gives a name back/, 'list agents'],
  ['answer: 42', /For a reply/, 'reply: got it'],
  ['reply all: x', /last sender alone/, 'reply: got it'],
  ['forward to everyone', /broadcast/, 'forward to claude'],
  ['tell everyone but bob: x', /broadcast/, 'broadcast: hello'],
  ['tell all the news', /./, 'broadcast: the news'],
  ['msg bellhop: x', /the hub itself/, 'msg claude: hello'],
  ['msg hub: x', /the hub itself/, 'msg claude: hello'],
  ['tell me: x', /"me"/, 'msg claude: hello'],
  ['tell him: x', /"him"/, 'reply: x'],
  ['tell it to go', /"it"/, 'msg claude: hello'],
  ['msg claude.code: x', /is no name/, 'msg claude: hello'],
  ['msg bob@home: x', /is no name/, 'msg claude: hello'],
  ['msg zoë: x', /is no name/, 'msg claude: hello'],
  ['msg bar\u200Bney: x', /is no name/, 'msg claude: hello'],
  [`msg ${'a'.repeat(33)}: x`, /is no name/, 'msg claude: hello'],
  ['tell barney', /What is to be said to barney/, 'msg barney: hello'],
  ['msg barney:', /What is to be said to barney/, 'msg barney: hello'],
  ['broadcast', /What is to be said/, 'broadcast: hello'],
  ['broadcast this', /What is to be said/, 'broadcast: hello'],
  ['reply:', /What is to be said/, 'reply: hello'],
  ['send barney the logs', /a colon/, 'msg barney: the logs'],
  ['send it to barney', /forwarded/, 'forward to barney'],
  ['@barney hi', /"msg"/, 'msg barney: hello'],
  ['message queue: x', /"queue"/, 'msg @queue: x'],
  ['broadcast to barney: x', /everyone/, 'broadcast: hello'],
  ['register', /Which name/, 'register as claude'],
  ['register fred', /Which name/, 'register as fred'],
  ['I am fred', /Which name/, 'register as fred'],
  ['rename fred', /new name/, 'rename to fred'],
  ['tell sender: x', /"sender"/, 'msg @sender: x'],
  ['share this with barney', /forwarded/, 'forward to barney'],
  ['register as everyone', /reserved/, 'register as claude'],
  ['register as bellhop', /reserved/, 'register as claude'],
  ['register as the', /meant as a name/, 'register as claude'],
  ['register as #frontend', /is a topic/, 'register as claude'],
  ['my name is zoë', /is no name/, 'register as claude'],
  ['rename to all', /reserved/, 'rename to claude'],
  ['rename bob to fred', /Only this assistant itself/, 'rename to fred'],
  ['auto check', /started or stopped/, 'start auto checking'],
  ['start auto checking 61', /1 to 60/, 'start auto checking 5'],
  ['start auto checking every 90 minutes', /1 to 60/, 'start auto checking 5'],
  ['start auto checking every two hours', /1 to 60/, 'start auto checking 5'],
  ['start auto checking every 30 seconds', /1 to 60/, 'start auto checking 5'],
  ['start auto checking every 1.5 minutes', /1 to 60/, 'start auto checking 5'],
  ['start auto checking -5', /1 to 60/, 'start auto checking 5'],
]

test.each(doubts)('%j is asked back', (typed, question, suggestion) => {
  const understanding = understand(typed)
  expect(understanding).toMatchObject({ intent: 'unknown', question: expect.stringMatching(question) as string })
  if (understanding.intent !== 'unknown') return
  expect(understanding.suggestions[0]).toBe(suggestion)
  for (const phrase of understanding.suggestions) expect(understand(phrase).intent).not.toBe('unknown')
})

test('the whole of one line can be said as one text', () => {
  expect(understand('tell rose hi and tell claude bye')).toMatchObject({
    suggestions: ['msg rose: hi', 'tell claude bye', 'msg rose: hi and tell claude bye'],
  })
  expect(understand('tell rose hi\nthere and tell claude bye')).toMatchObject({
    suggestions: ['msg rose: hi there', 'tell claude bye'],
  })
})

test.each(["what's my name", 'who am i', 'help', 'unregister me', 'deregister'])(
  '%j suggests no other name',
  (typed) => {
    const { suggestions } = understand(typed) as { suggestions: readonly string[] }
    for (const phrase of suggestions) expect(understand(phrase).intent).not.toMatch(/register|rename/)
  },
)

test('mail of people who are no agents is not ours', () => {
  expect(understand('any new messages from customers?').intent).toBe('unknown')
})

describe('with the names that the hub knows', () => {
  const names = ['Barney', 'rose-debugging', 'queue', '#frontend', 'boss']

  test.each([
    ['msg barney: hi', 'barney'],
    ['tell BARNEY hi', 'BARNEY'],
    ['send barney the logs', 'barney'],
    ['message queue is your name', 'queue'],
    ['send hello to barney', 'barney'],
    ['msg stranger: hi', 'stranger'],
    ['msg #frontend: hi', '#frontend'],
    ['msg #backend: hi', '#backend'],
    ["text boss i'm sick", 'boss'],
  ])('%j is sent', (typed, to) => {
    expect(understand(typed, { names })).toMatchObject({ intent: 'send', to })
  })

  test.each([
    ['msg barny: hi', 'msg Barney: hi'],
    ['tell bareny hi there', 'msg Barney: hi there'],
    ['msg rose: hi', 'msg rose-debugging: hi'],
    ['msg #fronted: hi', 'msg #frontend: hi'],
    ['forward it to barny', 'forward to Barney'],
  ])('%j is asked back: it resembles one', (typed, suggestion) => {
    const understanding = understand(typed, { names })
    expect(understanding).toMatchObject({
      intent: 'unknown',
      question: expect.stringContaining('Did you mean') as string,
    })
    expect(understanding).toHaveProperty(['suggestions', 0], suggestion)
  })

  test('a word of the language stays doubtful', () => {
    expect(understand('tell me hi', { names: ['me'] }).intent).toBe('unknown')
    expect(understand('tell @me hi', { names: ['me'] })).toEqual({ intent: 'send', to: 'me', text: 'hi' })
  })

  test('whose the text is must be clear', () => {
    expect(understand('send rose-debugging the keys to barney', { names }).intent).toBe('unknown')
  })

  test('what is suggested names one of them', () => {
    const { suggestions } = understand('tell me: hi', { names }) as { suggestions: readonly string[] }
    expect(suggestions).toEqual(['msg Barney: hello'])
    expect(understand('good morning', { names: ['x y', 'me', 'all'] })).toMatchObject({
      suggestions: ['msg claude: hello', 'msgs?', "who's online?"],
    })
  })
})
