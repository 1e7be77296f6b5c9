import { expect, describe, test } from 'vitest'
import { understand, type Understanding } from '../../../agents/say/index.ts'

type Rows = readonly (readonly [phrase: string, expected: Understanding])[]

const send = (to: string, text: string): Understanding => ({ intent: 'send', to, text })
const broadcast = (text: string): Understanding => ({ intent: 'broadcast', text })
const reply = (text: string): Understanding => ({ intent: 'reply', text })
const forward = (to: string): Understanding => ({ intent: 'forward', to })
const register = (name: string): Understanding => ({ intent: 'register', name })
const rename = (name: string): Understanding => ({ intent: 'rename', name })
const start = (minutes?: number): Understanding => ({
  intent: 'auto-check-start',
  ...(minutes !== undefined && { minutes }),
})
const check = { intent: 'check' } as const
const list = { intent: 'list' } as const
const stop = { intent: 'auto-check-stop' } as const
const status = { intent: 'auto-check-status' } as const

const each = (expected: Understanding, ...phrases: readonly string[]): Rows =>
  phrases.map((phrase) => [phrase, expected] as const)

/** What the older project's users were told that they can type. */
const older: Rows = [
  ['Register this instance as claude', register('claude')],
  ['Register as barney', register('barney')],
  ['I want to be called fred', register('fred')],
  ['My name is alice', register('alice')],
  ['Call me jarvis', register('jarvis')],
  ['msg claude: need help', send('claude', 'need help')],
  ['send to barney: deployed', send('barney', 'deployed')],
  ['tell fred: check the logs', send('fred', 'check the logs')],
  ['message alice: meeting in 5', send('alice', 'meeting in 5')],
  ['Send a message to fred: hey', send('fred', 'hey')],
  ['tell barney the deployment is done', send('barney', 'the deployment is done')],
  ["message alice that we're starting", send('alice', "we're starting")],
  ['msg claude hello', send('claude', 'hello')],
  ['msg claude about the database issue', send('claude', 'the database issue')],
  ...each(check, 'msgs?', 'messages?', 'check messages', 'check my messages', 'any new messages?'),
  ...each(check, 'do I have messages?', 'what messages do I have?'),
  ...each(list, 'list instances', "who's online?", 'show active instances', 'which AIs are active?'),
  ['broadcast: x', broadcast('x')],
  ['broadcast to all: x', broadcast('x')],
  ['tell everyone: x', broadcast('x')],
  ['send to all: x', broadcast('x')],
  ['message everyone about x', broadcast('x')],
  ['rename to fred-debugging', rename('fred-debugging')],
  ['change my name to alice-v2', rename('alice-v2')],
  ['rename myself to charlie-prod', rename('charlie-prod')],
  ['I want to be called bob-testing now', rename('bob-testing')],
  ['start auto checking', start()],
  ['start auto checking 5', start(5)],
  ['auto check messages every 15 min', start(15)],
  ['enable auto check with 3 minute interval', start(3)],
  ...each(stop, 'stop auto checking', 'turn off auto checking'),
  ...each(status, 'is auto checking on?', 'auto check status', "when's the next auto check?"),
  ['reply: got it', reply('got it')],
  ['forward to barney', forward('barney')],
]

const sends: Rows = [
  ['please msg barney: the migration is done', send('barney', 'the migration is done')],
  ['Hey Bellhop, could you please tell @barney that it is done?', send('barney', 'it is done')],
  // The question mark belongs to "could you", where what is told cannot ask.
  ['could you let rose know the tests pass?', send('rose', 'the tests pass')],
  ['can you tell rose the tests pass?', send('rose', 'the tests pass')],
  ['would you please notify rose that the tests pass ?', send('rose', 'the tests pass')],
  ['will u inform rose of the delay?', send('rose', 'the delay')],
  ['coud you remind rose about lunch?', send('rose', 'lunch')],
  ['can you tell rose what??', send('rose', 'what??')],
  ['can you tell rose: are the tests green?', send('rose', 'are the tests green?')],
  ['can you tell rose "are the tests green?"', send('rose', 'are the tests green?')],
  ['can you ask rose if it works?', send('rose', 'if it works?')],
  ['can you msg rose the tests pass?', send('rose', 'the tests pass?')],
  ['please tell rose are you there?', send('rose', 'are you there?')],
  ['remind rose that we ship', send('rose', 'we ship')],
  ['plz tell rose hi', send('rose', 'hi')],
  ['pls, tell rose hi', send('rose', 'hi')],
  // A colon or quotes say that all of it is text.
  ['msg rose: run the tests and tell claude the result', send('rose', 'run the tests and tell claude the result')],
  ['tell rose "hi, then check my messages"', send('rose', 'hi, then check my messages')],
  ['msg rose: "first\nmsg claude: second"', send('rose', 'first\nmsg claude: second')],
  // What only looks like a second command is text.
  ['tell rose to stop and check the logs', send('rose', 'stop and check the logs')],
  ['tell rose to build, sort and list', send('rose', 'build, sort and list')],
  ['tell rose hi and my name is claude', send('rose', 'hi and my name is claude')],
  ['tell rose I am done and let me know', send('rose', 'I am done and let me know')],
  [
    'msg rose: to do\ncheck\n- check messages\nlist the files',
    send('rose', 'to do\ncheck\n- check messages\nlist the files'),
  ],
  ['msg rose: hello\nmy name is claude\nare you there?', send('rose', 'hello\nmy name is claude\nare you there?')],
  ['can you msg claude "hello there"', send('claude', 'hello there')],
  ['hey claude, msg barney: hi', send('barney', 'hi')],
  ['OK, now tell barney: go', send('barney', 'go')],
  ["I'd like you to tell barney: go", send('barney', 'go')],
  ["I'd like to send a message to barney: hi", send('barney', 'hi')],
  ['MSG BARNEY: HI', send('BARNEY', 'HI')],
  ['Msg Barney_2: Hi', send('Barney_2', 'Hi')],
  ['msg "barney": hi', send('barney', 'hi')],
  ["tell 'barney' hi", send('barney', 'hi')],
  ['msg barney:hello', send('barney', 'hello')],
  ['msg barney: "a" and "b"', send('barney', '"a" and "b"')],
  ['msg barney:   two  blanks  ', send('barney', 'two  blanks')],
  ['msg barney:\n- one\n- two\n\n  three', send('barney', '- one\n- two\n\n  three')],
  ['msg barney: reply: ok', send('barney', 'reply: ok')],
  ['msg barney: that is fine', send('barney', 'that is fine')],
  ['tell barney, the deploy is done', send('barney', 'the deploy is done')],
  ['msg barney - hello', send('barney', 'hello')],
  ['msg barney — hello', send('barney', 'hello')],
  ['tell barney that: hi', send('barney', 'hi')],
  ['tell barney this: hi', send('barney', 'hi')],
  ['send claude this: hello', send('claude', 'hello')],
  ['send msg claude: hello', send('claude', 'hello')],
  ['tell barney to check the logs', send('barney', 'check the logs')],
  ['tell barney about the outage', send('barney', 'the outage')],
  ['tell barney update: tests pass', send('barney', 'update: tests pass')],
  ['tell barney 10:30 works', send('barney', '10:30 works')],
  ['tell will-2 hi', send('will-2', 'hi')],
  ['let barney know that lunch is ready', send('barney', 'lunch is ready')],
  ['let barney know: lunch', send('barney', 'lunch')],
  ['please let barney know the build is red', send('barney', 'the build is red')],
  ['ask claude whether the build is green', send('claude', 'whether the build is green')],
  ['ask claude if he is done', send('claude', 'if he is done')],
  ['ask barney to review the PR', send('barney', 'review the PR')],
  ['ask barney: is it done?', send('barney', 'is it done?')],
  ['dm barney: hi', send('barney', 'hi')],
  ['DM to barney: hi', send('barney', 'hi')],
  ['ping barney: are you there?', send('barney', 'are you there?')],
  ['ping barney about the release', send('barney', 'the release')],
  ["text fred I'm late", send('fred', "I'm late")],
  ['message to barney: hi', send('barney', 'hi')],
  ['message for barney: hi', send('barney', 'hi')],
  ['a message for barney: hi', send('barney', 'hi')],
  ['new message to barney: hi', send('barney', 'hi')],
  ['send a message to barney saying we are live', send('barney', 'we are live')],
  ['send a quick note to barney: hi', send('barney', 'hi')],
  ['send a msg for barney: hi', send('barney', 'hi')],
  ['send barney a message: hi', send('barney', 'hi')],
  ['send barney a message saying hi', send('barney', 'hi')],
  ['send barney: hi', send('barney', 'hi')],
  ['send barney: say hello to claude', send('barney', 'say hello to claude')],
  ['send to barney: give the keys to alice', send('barney', 'give the keys to alice')],
  ['send "hello there" to barney', send('barney', 'hello there')],
  ['send "to be or not to be" to barney', send('barney', 'to be or not to be')],
  ['send hello to barney', send('barney', 'hello')],
  ['say hi to alice', send('alice', 'hi')],
  ['say to barney that we are live', send('barney', 'we are live')],
  ['leave a note for fred: buy milk', send('fred', 'buy milk')],
  ['drop fred a line: hi', send('fred', 'hi')],
  ['notify barney that it broke', send('barney', 'it broke')],
  ['inform alice of the delay', send('alice', 'the delay')],
  ['write to barney: hello', send('barney', 'hello')],
  ['relay to barney: hello', send('barney', 'hello')],
  ['reply to barney: got it', send('barney', 'got it')],
  ['msg #frontend: hi', send('#frontend', 'hi')],
  ['tell #frontend that the build is red', send('#frontend', 'the build is red')],
  ['post in #frontend: hi all', send('#frontend', 'hi all')],
  ['broadcast to #frontend: hi', send('#frontend', 'hi')],
  ['msg @queue: hi', send('queue', 'hi')],
]

const others: Rows = [
  ['announce: x', broadcast('x')],
  ['announce that we ship', broadcast('we ship')],
  ['broadcast team meeting in 5', broadcast('team meeting in 5')],
  ['Broadcast "hello"', broadcast('hello')],
  ['please broadcast that we ship', broadcast('we ship')],
  ['send broadcast: x', broadcast('x')],
  ['notify everyone of the outage', broadcast('the outage')],
  ['broadcast a message: x', broadcast('x')],
  ['broadcast: say hello to everyone', broadcast('say hello to everyone')],
  ['tell everybody that we ship', broadcast('we ship')],
  ['tell everyone the build is green', broadcast('the build is green')],
  ['let everyone know that we ship', broadcast('we ship')],
  ['tell all agents: x', broadcast('x')],
  ['message all: x', broadcast('x')],
  ['send a message to everyone: x', broadcast('x')],
  ['say hello to everyone', broadcast('hello')],
  ['ask everyone whether they are ready', broadcast('whether they are ready')],
  ['msg #all: x', broadcast('x')],
  ['reply got it', reply('got it')],
  ['reply with got it', reply('got it')],
  ['please reply that we are done', reply('we are done')],
  ['respond: ok', reply('ok')],
  ['reply to him: got it', reply('got it')],
  ['reply to the last message: got it', reply('got it')],
  ['answer with: yes', reply('yes')],
  ['answer: yes', reply('yes')],
  ['answer: 42 of them', reply('42 of them')],
  ['could you tell everyone the build is green?', broadcast('the build is green')],
  ['write back: soon', reply('soon')],
  ['reply:\nline one\nline two', reply('line one\nline two')],
  ['forward it to barney', forward('barney')],
  ['could you forward that to @alice please?', forward('alice')],
  ['Forward the last message to Barney.', forward('Barney')],
  ['forward this message to "barney"', forward('barney')],
  ['pass it on to barney', forward('barney')],
  ['fwd to barney', forward('barney')],
  ['forward to #frontend', forward('#frontend')],
  ...each(check, 'check', 'check mail', 'inbox', 'mail?', 'anything new?', 'any mail?', 'any new mail for me?'),
  ...each(check, 'Check my inbox please', 'do I have any unread messages?', 'got mail?', 'MSGS?!', 'new messages?'),
  ...each(check, 'could you check my messages?', "what's new?", "what's in my inbox?", 'show me my messages'),
  ...each(check, 'read my messages', 'are there any messages for me?', 'can I see my messages?', 'did I get any mail?'),
  ...each(check, 'check if I have messages', 'any replies yet?', 'has anyone messaged me?', 'hey bellhop, msgs?'),
  ...each(check, 'any new messages from rose?', 'do I have any mail from @rose yet?', 'any messages from anyone?'),
  ...each(check, 'thx, check messages', 'check my messages thx', 'msgs plz'),
  ...each(list, 'who is here', 'list agents', "who's around?", 'is anyone online?', 'show me all the agents'),
  ...each(list, 'agents', 'who can I talk to?', 'which agents are connected right now?', 'list', 'anyone there?'),
  ...each(
    list,
    'please list all instances',
    'how many agents are online?',
    'tell me who is online',
    'whos online',
    'are there other agents?',
  ),
  ['register me as rose', register('rose')],
  ['please register this session as "rose"', register('rose')],
  ['register under the name Rose', register('Rose')],
  ['register myself as @rose, please.', register('rose')],
  ["I'd like to be called rose", register('rose')],
  ['your name is rose', register('rose')],
  ['call yourself rose', register('rose')],
  ['register this instance rose', register('rose')],
  ['register rose as my name', register('rose')],
  ['use the name rose', register('rose')],
  ['set my name to rose', register('rose')],
  ['sign in to bellhop as rose', register('rose')],
  ['rename me to rose', rename('rose')],
  ['rename this instance to rose', rename('rose')],
  ['please rename yourself to "rose"', rename('rose')],
  ['change name to rose', rename('rose')],
  ['call me rose from now on', rename('rose')],
  ['my new name is rose', rename('rose')],
  ['start auto-check every 10 minutes', start(10)],
  ['please start auto-check every five minutes', start(5)],
  ['start autochecking every twenty-five minutes', start(25)],
  ['auto check every half hour', start(30)],
  ['change the auto check interval to 5', start(5)],
  ['start auto-checking my inbox', start()],
  ['autocheck every hour', start(60)],
  ['auto check every minute', start(1)],
  ['auto check 15m', start(15)],
  ['start auto checking 0', start(0)],
  ['start auto checking at 5-minute intervals', start(5)],
  ['check my messages every 5 minutes', start(5)],
  ['check for new messages automatically', start()],
  ['keep checking for messages', start()],
  ['turn auto checking on', start()],
  ['turn on auto-check', start()],
  ['Auto-check: on', start()],
  ['set up auto checking every 5 min', start(5)],
  ...each(stop, 'auto check off', 'stop autochecking', 'turn auto check off please', 'disable autocheck'),
  ...each(stop, 'no more auto checking', 'stop checking my messages automatically', 'switch off auto-check'),
  ...each(status, 'is autocheck still running?', 'how often do you auto check?', "what's the auto-check status?"),
  ...each(
    status,
    'show auto check status',
    'when is the next auto-check?',
    'are you auto checking?',
    'when will you check next?',
  ),
]

const mistyped: Rows = [
  ['brodcast: x', broadcast('x')],
  ['broadcats: x', broadcast('x')],
  ['anounce: x', broadcast('x')],
  ['mesage barney: hi', send('barney', 'hi')],
  ['messsage barney: hi', send('barney', 'hi')],
  ['sned to barney: hi', send('barney', 'hi')],
  ['tel barney: hi', send('barney', 'hi')],
  ['plaese tell barney: hi', send('barney', 'hi')],
  ['regsiter as rose', register('rose')],
  ['registr as rose', register('rose')],
  ['renmae to rose', rename('rose')],
  ['frward to rose', forward('rose')],
  ['forwrad it to rose', forward('rose')],
  ['replly: ok', reply('ok')],
  ...each(check, 'chk', 'chk msgs', 'plz chk my inbox'),
  ...each(check, 'mgs?', 'chekc messages', 'check mesages', 'any new mesages?', 'mesages?', 'inbxo'),
  ...each(list, 'lsit agents', "who's onlin?", 'instnaces', 'show actve instances'),
  ...each(stop, 'stop auto cheking', 'auto chekcing off', 'disabel auto check'),
  ['strat auto checking', start()],
  ['start auto checking evrey 5 minuts', start(5)],
  ...each(status, 'auto check staus'),
  // Texts and names stay as they are.
  ['tell bareny taht mesage', send('bareny', 'taht mesage')],
]

const kinds = { older, sends, others, mistyped }

describe.each(Object.entries(kinds))('%s', (_, rows) => {
  test.each(rows)('%j', (phrase, expected) => {
    expect(understand(phrase)).toEqual(expected)
  })
})

test('the table holds each phrase once, and more than enough', () => {
  const phrases = Object.values(kinds).flatMap((rows) => rows.map(([phrase]) => phrase))
  expect(new Set(phrases).size).toBe(phrases.length)
  expect(phrases.length).toBeGreaterThanOrEqual(170)
  expect(phrases.length - older.length).toBeGreaterThanOrEqual(60)
})

test.each(Object.values(kinds).flat())('%j, as people type it', (phrase, expected) => {
  expect(understand(`  \n${phrase}\n `)).toEqual(expected)
  const polite = understand(`Hey Bellhop, could you please ${phrase}`)
  // A question or a plan does not stand behind a courtesy.
  if (!/^(?:i|i'd|hey|ok|my|your|call|could|can|please|plaese)\b/i.test(phrase)) expect(polite).toEqual(expected)
})
