import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { limits } from '../../protocol/index.ts'
import { enterPage, startChromium, startPageServer } from '../agents/browser/page.ts'
import { User } from '../agents/cli/user.ts'
import { packageFolder, requirePython, startPython } from '../agents/python/python.ts'
import type { Assistant } from '../support/assistant.ts'
import { startHubChild } from '../support/hub-child.ts'
import { freePort } from '../support/ports.ts'
import { shownIn, startAssistant, textsIn } from '../support/shims.ts'
import { secretOf } from '../support/wire.ts'

/** Something that has come to one of the four. */
interface Came {
  readonly from: string
  readonly content: string
}

/** Lines of a process, as they come. */
class Lines<T> {
  readonly #lines: T[] = []
  #wake: () => void = () => undefined

  constructor(stream: NodeJS.ReadableStream) {
    createInterface(stream).on('line', (line) => {
      this.#lines.push(JSON.parse(line) as T)
      this.#wake()
    })
  }

  async next(fits: (line: T) => boolean): Promise<T> {
    for (;;) {
      const at = this.#lines.findIndex(fits)
      if (at >= 0) return this.#lines.splice(at, 1)[0]!
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}

interface PythonLine extends Partial<Came> {
  readonly sent?: string
  readonly registered?: string
}

/** A Python agent, as a process. */
async function startPythonAgent(python: string, name: string, env: Record<string, string>) {
  const script = fileURLToPath(new URL('./python_agent.py', import.meta.url))
  const child = startPython({ python, arguments: [script, name], env: { ...env, PYTHONPATH: packageFolder } })
  const lines = new Lines<PythonLine>(child.stdout!)
  await lines.next(({ registered }) => registered !== undefined)
  return {
    async send(to: string, content: string) {
      child.stdin!.write(`${JSON.stringify({ to, content })}\n`)
      await lines.next(({ sent }) => sent !== undefined)
    },
    received: (from: string) => lines.next((line) => line.from === from),
  }
}

/** Mail that a shim shows its assistant, large bodies read from their files. */
async function shownTo(assistant: Assistant, from: string): Promise<string> {
  for (;;) {
    const answer = await assistant.call('wait', { seconds: 20 })
    const at = shownIn(answer).findIndex((shown) => shown.from === from)
    const { path } = shownIn(answer)[at] ?? {}
    if (at >= 0) return path === undefined ? textsIn(answer)[at]! : readFileSync(path, 'utf8')
  }
}

test('a Python agent, a page, a shim and the command line converse through one hub, which is killed once', async (context) => {
  const python = requirePython(context)
  const browser = await startChromium(context)
  const { origin } = await startPageServer()
  const user = new User({ BELLHOP_PORT: String(await freePort()), BELLHOP_ALLOWED_ORIGINS: origin })
  const { env, home } = user
  const hub = await startHubChild(env)

  const snake = await startPythonAgent(python, 'snake', env)
  const rose = await startAssistant(env, 'rose')
  const iris = await enterPage(browser, origin, { url: hub.url, secret: secretOf(home), name: 'iris' })
  await user.types('bellhop register anna')
  const following = user.start('exec bellhop wait --follow --json --as tail')
  const tail = new Lines<Came>(following.stdout!)
  const untilTailWaits = async (): Promise<void> => {
    while (!(await user.types('bellhop list --online')).output.includes('tail\t')) continue
  }
  await untilTailWaits()

  // Pushed in all directions: each to the next, around the circle and back.
  await snake.send('rose', 'from Python')
  expect(await shownTo(rose, 'snake')).toBe('from Python')
  await rose.call('send', { to: 'iris', content: 'from the shim' })
  expect(await iris.untilReceived(1)).toEqual(['from the shim'])
  await iris.send('tail', 'from the page')
  expect(await tail.next(({ from }) => from === 'iris')).toMatchObject({ content: 'from the page' })
  await user.types("bellhop say --as anna 'tell snake: from the command line'")
  expect(await snake.received('anna')).toMatchObject({ content: 'from the command line' })
  await iris.send('snake', 'from the page')
  expect(await snake.received('iris')).toMatchObject({ content: 'from the page' })
  await snake.send('tail', 'from Python')
  expect(await tail.next(({ from }) => from === 'snake')).toMatchObject({ content: 'from Python' })
  const asked = user.types("bellhop ask rose --as anna 'are you there?'")
  expect(await shownTo(rose, 'anna')).toBe('are you there?')
  const { messages } = (await rose.call('history', { with: 'anna' })).structured['result'] as {
    messages: { id: string }[]
  }
  await rose.call('send', { to: 'anna', content: 'I am', replyTo: messages[0]!.id })
  expect((await asked).output).toContain('\n  I am\n')

  // A broadcast reaches the three that are there, and waits for the fourth.
  await user.types('bellhop broadcast --as anna to everyone')
  expect(await snake.received('anna')).toMatchObject({ content: 'to everyone' })
  expect(await shownTo(rose, 'anna')).toBe('to everyone')
  expect((await iris.untilReceived(2)).at(-1)).toBe('to everyone')
  expect(await tail.next(({ from }) => from === 'anna')).toMatchObject({ content: 'to everyone' })

  // A large message each way.
  const large = (who: string): string => `Large, from ${who}. ${'grün 🌷 '.repeat(limits.inlineBytes / 4)}`
  await snake.send('rose', large('Python'))
  expect(await shownTo(rose, 'snake')).toContain(large('Python').trim())
  await rose.call('send', { to: 'snake', content: large('the shim') })
  expect(await snake.received('rose')).toMatchObject({ content: large('the shim') })
  await iris.send('snake', large('the page'))
  expect(await snake.received('iris')).toMatchObject({ content: large('the page') })
  await snake.send('iris', large('Python'))
  await iris.untilReceived(3)
  await iris.page.locator('li.received ::-p-text(Show all of it)').click()
  await iris.until(`document.querySelector('li.received .whole')`)
  expect(await iris.read(`document.querySelector('li.received .whole').textContent`)).toBe(large('Python'))
  await user.types(`node -e 'process.stdout.write(${JSON.stringify(large('a pipe'))})' | bellhop send rose --as anna -`)
  expect(await shownTo(rose, 'anna')).toContain(large('a pipe').trim())

  // The hub is killed; those who may start another, and all come back by themselves. Nothing comes twice.
  await hub.end('SIGKILL')
  await snake.send('iris', 'after the hub was killed')
  await iris.untilState('Connected as iris.')
  expect((await iris.untilReceived(4)).slice(3)).toEqual(['after the hub was killed'])
  await iris.send('snake', 'welcome back')
  expect(await snake.received('iris')).toMatchObject({ content: 'welcome back' })
  await user.types('bellhop send tail --as anna still there?')
  expect(await tail.next(() => true)).toMatchObject({ from: 'anna', content: 'still there?' })
  await user.types('bellhop send rose --as anna still there?')
  expect(await shownTo(rose, 'anna')).toBe('still there?')
  expect(iris.complaints).toEqual([])
  following.kill('SIGTERM')
  await once(following, 'close')
}, 120_000)
