import { describe, expect, test } from 'vitest'
import { understand } from '../../../agents/say/index.ts'

/** What people write without wanting anything of Bellhop. */
const sentences = `
the message queue is broken
message queue is broken
I told barney yesterday
check the database for messages from users
what does rename do?
should we broadcast this?
send me the file
register the service worker
rename the variable foo to bar
list the files
start the server
is the build on?
tell me a joke
tell you what
send it now
message for you
call me later
call me when you are done
call me a taxi
my name is not important
I want to be called back
I want to go home
I want to tell barney about it some day
send the report to accounting
send an email to bob
send data to server
send requests to localhost
say no to drugs
the text is too long
text editor crashed
text file is empty
text to speech is broken
message was sent
message alice is the name of a column
messages are delayed
message sent to barney
message format: json
forward the port
forward port 80 to host
forward requests to nginx
reply to the email
reply to that email by noon
reply by friday
reply buffer overflow
reply is late
replies are slow
broadcast receiver is broken
broadcast on channel 4
broadcasting is expensive
the broadcast failed
announce the release
did you tell barney about it?
how do I send a message to barney?
why did the message to alice fail?
who told barney?
who wrote this code?
who is the president?
who's online in the game?
what is new in version 2?
what messages does the compiler print?
list all users in the database
show the messages table
show me the logs
check the logs
check whether the tests pass
check every file
check in the code
start checking the code
stop the server
stop checking the logs
turn off the lights
is it on?
is auto save on?
enable auto save
automatic updates every 5 minutes
explain auto checking
the auto check is off
auto checking is great
rename foo to bar
rename file.txt to b.txt
change the name of the table to x
change my mind
register user
register listeners for events
tell the truth
tell stories about dragons
ask questions
ask me anything
ask before you deploy
let me know when it's done
let it go
ping google.com
ping localhost is slow
ping times out
mail server is down
notify users about the change
note: remember the milk
write a function that sends messages
write tests: unit and e2e
write to disk: x
run the tests
fix the bug in the message handler
answer: 42
hello
hi barney
thanks
ok
bellhop
`
  .trim()
  .split('\n')

const negated = `
don't tell barney: x
don’t tell barney: x
do not message alice
do not message alice: hi
never tell barney: x
please don't msg barney: hi
you must not tell barney: hi
can you not tell barney: hi
"msg barney: hi"
'tell barney: hi'
"reply: ok"
> msg barney: hi
echo "reply: ok"
git commit -m "msg barney: hi"
I said: msg barney: hi
he wrote "broadcast: hi"
when done, msg barney: hi
`
  .trim()
  .split('\n')

/** Real words that are one slip away from a word of a command. */
const neighbours = `
massage barney: hi
test barney: hi
lend to barney: hi
sed barney: hi
told barney: hi
tells barney: hi
sending to barney: hi
cell barney: hi
replay: ok
replies: ok
renamed to rose
registered as rose
registers as rose
forwarded to rose
messaged barney: hi
pin barney: hi
tex barney: hi
`
  .trim()
  .split('\n')

describe.each(Object.entries({ sentences, negated, neighbours }))('%s', (_, rows) => {
  test.each(rows)('%j does nothing', (sentence) => {
    const understanding = understand(sentence)
    expect(understanding.intent).toBe('unknown')
    // Behind a courtesy it is no more of a command than before.
    expect(understand(`please ${sentence}`).intent).toBe('unknown')
    expect(understand(`${sentence.toUpperCase()}!`).intent).toBe('unknown')
  })
})

test('there are enough of them', () => {
  expect(sentences.length).toBeGreaterThanOrEqual(60)
})

test.each(['', '   ', '\n', ':', '?!', '"', '#', '@', '-', '…', '\u0000', '🙂', 'ö', '<to>', '{mail}', 'NAME'])(
  '%j does nothing',
  (text) => {
    expect(understand(text).intent).toBe('unknown')
  },
)
