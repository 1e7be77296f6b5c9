import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Assistant, type Answer } from '../support/assistant.ts'
import { Narrator } from './narrator.ts'
import { hubProcess, isAlive } from '../support/processes.ts'
import { startHubProcess } from './running-hub.ts'

const tell = new Narrator(process.stdout)
const home = mkdtempSync(join(tmpdir(), 'bellhop-demo-'))
const env = { BELLHOP_HOME: home, BELLHOP_PORT: '0' }
const assistants: Assistant[] = []

/** The demo shows only what happened: a step that did not happen ends it. */
function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`This did not happen: ${what}`)
}

/** The texts of the mail in an answer, each with its sender. */
function mailIn(answer: Answer): string {
  const mail = answer.structured['mail']
  if (typeof mail !== 'string') return ''
  const messages = mail.matchAll(/\| (?:from (\S+)|NOTICE from Bellhop).*\n<<<TEXT (\S+)\n([^]*?)\nTEXT \2>>>/g)
  return [...messages].map(([, from, , text]) => `${from ?? 'Bellhop'}: ${text}`).join('\n')
}

function firstLine(answer: Answer): string {
  return answer.text.split('\n', 1)[0] ?? ''
}

function messageId(answer: Answer): string {
  return String((answer.structured['result'] as { id?: unknown })['id'])
}

async function startAssistant(kind: string): Promise<Assistant> {
  const assistant = await Assistant.start(kind, env)
  assistants.push(assistant)
  return assistant
}

/** Resolves when somebody else sees this agent blocked in `wait`. */
async function untilWaiting(observer: Assistant, name: string): Promise<void> {
  for (;;) {
    const { structured } = await observer.call('list_instances')
    const { agents } = structured['result'] as { agents: { name: string; routes: string[] }[] }
    if (agents.find((agent) => agent.name === name)?.routes.includes('wait') === true) return
  }
}

async function demo(): Promise<void> {
  const started = performance.now()
  tell.title('Bellhop: two assistants, each with its own MCP shim, and one hub. All of it is real.')

  tell.step('A hub starts')
  tell.does('hub', `listens at ${await startHubProcess(env)}, data in ${home}`)

  tell.step('Mail to a name that does not exist yet')
  const rose = await startAssistant('demo-rose')
  tell.does('rose', 'register {"name":"rose"}')
  tell.sees('rose', firstLine(await rose.call('register', { name: 'rose' })))
  tell.does('rose', 'send {"to":"claude","content":"Welcome! The build is yours."}')
  const early = await rose.call('send', { to: 'claude', content: 'Welcome! The build is yours.' })
  check(!early.isError, 'mail to an unknown name is accepted')
  tell.sees('rose', firstLine(early))

  tell.step('It arrives when the name is registered')
  const claude = await startAssistant('demo-claude')
  tell.does('claude', 'register {"name":"claude"}')
  const welcome = mailIn(await claude.call('register', { name: 'claude' }))
  check(welcome.includes('The build is yours.'), 'future mail arrives on registration')
  tell.sees('claude', welcome)

  tell.step('A push wakes an assistant that waits')
  tell.does('claude', 'wait {"seconds":30}')
  const waiting = claude.call('wait', { seconds: 30 }).then((answer) => ({ answer, at: performance.now() }))
  await untilWaiting(rose, 'claude')
  const sentAt = performance.now()
  tell.does('rose', 'send {"to":"claude","content":"Tests are red on main.","priority":"urgent"}')
  const alarm = await rose.call('send', { to: 'claude', content: 'Tests are red on main.', priority: 'urgent' })
  tell.sees('rose', firstLine(alarm))
  const woken = await waiting
  check(mailIn(woken.answer).includes('Tests are red'), 'the push ends the wait')
  tell.sees('claude', mailIn(woken.answer))
  tell.proves(`${(woken.at - sentAt).toFixed(1)} ms from the call of send to the end of wait, on disk in between`)

  tell.step('A broadcast, and a reply')
  tell.does('claude', 'broadcast {"content":"I am on it."}')
  const broadcast = await claude.call('broadcast', { content: 'I am on it.' })
  tell.sees('claude', firstLine(broadcast))
  const heard = mailIn(await rose.call('check'))
  check(heard.includes('I am on it.'), 'the broadcast reaches the other')
  tell.sees('rose', heard)
  tell.does('rose', `send {"to":"claude","content":"Thanks.","replyTo":"${messageId(broadcast)}"}`)
  await rose.call('send', { to: 'claude', content: 'Thanks.', replyTo: messageId(broadcast) })
  const reply = mailIn(await claude.call('check'))
  check(reply.includes('Thanks.'), 'the reply arrives')
  tell.sees('claude', reply)

  tell.step('A rename, and mail to the old name')
  tell.does('claude', 'rename {"name":"claude-debugging"}')
  tell.sees('claude', firstLine(await claude.call('rename', { name: 'claude-debugging' })))
  tell.does('rose', 'send {"to":"claude","content":"Any news?"}')
  const forwarded = await rose.call('send', { to: 'claude', content: 'Any news?' })
  tell.sees('rose', firstLine(forwarded))
  const news = mailIn(await claude.call('check'))
  check(news.includes('Any news?'), 'mail to the old name is forwarded')
  tell.sees('claude', news)

  tell.step('A message of 20 KB')
  const report = 'The cache key ignored the lock file. Clearing it fixed main. '.repeat(328).slice(0, 20_000)
  tell.does('claude', `send {"to":"rose","content":"${report.slice(0, 36)}… (${report.length} bytes)"}`)
  await claude.call('send', { to: 'rose', content: report })
  const large = await rose.call('check')
  const [message] = large.structured['messages'] as { path?: string; bytes?: number }[]
  check(message?.path !== undefined, 'the large message is written to a file')
  check(readFileSync(message.path, 'utf8').includes(report), 'the file holds all of it')
  tell.sees('rose', `${mailIn(large)}\n${message.bytes} bytes in ${message.path}`)

  tell.step('Receipts: what became of a message')
  tell.does('rose', `receipts {"id":"${messageId(alarm)}"}`)
  const receipt = await rose.call('receipts', { id: messageId(alarm) })
  check(/shown/.test(receipt.text), 'the receipt says that it was shown')
  tell.sees('rose', receipt.text)

  tell.step('The hub is killed in the middle')
  tell.does('rose', 'send {"to":"claude-debugging","content":"Sent just before the crash."}')
  const before = await rose.call('send', { to: 'claude-debugging', content: 'Sent just before the crash.' })
  check(!before.isError, 'the message before the crash is accepted')
  const pid = hubProcess(home)
  check(pid !== undefined, 'the hub runs')
  process.kill(pid, 'SIGKILL')
  const killedAt = performance.now()
  tell.does('hub', `process ${pid} gets SIGKILL`)
  tell.does('rose', 'send {"to":"claude-debugging","content":"Sent while there was no hub."}')
  const during = await rose.call('send', { to: 'claude-debugging', content: 'Sent while there was no hub.' })
  check(!during.isError, 'the message after the crash is accepted')
  const recovered = performance.now() - killedAt
  tell.sees('rose', firstLine(during))
  tell.does('hub', `process ${hubProcess(home)} was started by a shim`)
  const both = mailIn(await collect(claude, 2))
  check(both.includes('just before the crash') && both.includes('while there was no hub'), 'nothing is lost')
  tell.sees('claude', both)
  tell.proves(`nothing lost; ${recovered.toFixed(0)} ms from the kill to the next acknowledged send`)

  tell.title(`\nDone in ${((performance.now() - started) / 1000).toFixed(1)} s. To use it for real, see README.md.`)
}

/** Checks until so many messages came: a shim that was cut off may have to come back first. */
async function collect(assistant: Assistant, count: number): Promise<Answer> {
  const first = await assistant.call('check')
  const got = (first.structured['messages'] as unknown[] | undefined)?.length ?? 0
  if (got >= count) return first
  const rest = await assistant.call('wait', { seconds: 10 })
  const mails = [first, rest].flatMap(({ structured: { mail } }) => (typeof mail === 'string' ? [mail] : []))
  return { ...rest, structured: { mail: mails.join('\n') } }
}

async function cleanUp(): Promise<void> {
  await Promise.all(assistants.map((assistant) => assistant.stop()))
  const pid = hubProcess(home)
  if (pid !== undefined) {
    process.kill(pid, 'SIGTERM')
    while (isAlive(pid)) await new Promise(setImmediate)
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 10 })
}

try {
  await demo()
} catch (error) {
  process.exitCode = 1
  process.stderr.write(`\nThe demo failed. ${error instanceof Error ? error.message : String(error)}\n`)
} finally {
  await cleanUp()
}
