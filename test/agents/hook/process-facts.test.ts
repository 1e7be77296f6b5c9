import { spawn } from 'node:child_process'
import process from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { isOnTerminal, isStartedWith } from '../../../agents/hook/process-facts.ts'
import { Terminal } from '../../assistants/terminal.ts'
import { requireTerminal } from '../../assistants/tools.ts'
import { temporaryFolder } from '../../support/teardown.ts'

/** A process with these arguments, that lives until the test ends. */
function start(program: string, ...args: string[]): number {
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child.pid!
}

const startNode = (...args: string[]): number => start(process.execPath, '-e', 'process.stdin.resume()', '--', ...args)
const wanted = ['-p', '--prompt']

test.each([
  { args: ['-p', 'Good morning.'], is: true },
  { args: ['--prompt=Good morning.'], is: true },
  { args: ['--model', 'x', '--prompt', 'hi'], is: true },
  { args: ['--prompt-interactive', 'hi'], is: false },
  { args: ['--port'], is: false },
  // Elsewhere the words of one argument are taken for several.
  { args: ['Say -p and --prompt.'], is: process.platform !== 'linux' },
  { args: [], is: false },
])('whether a process was started with an option: $args', ({ args, is }) => {
  expect(isStartedWith([startNode(...args)], wanted)).toBe(is)
})

test("the arguments of a shell are somebody's command line, and do not count", () => {
  const shell = start('/bin/sh', '-c', 'read line', '-p')
  expect(isStartedWith([shell], wanted)).toBe(false)
  expect(isStartedWith([shell, startNode('-p')], wanted)).toBe(true)
})

test('only the nearest processes count, and one that is gone says nothing', () => {
  const [plain, asked] = [startNode(), startNode('-p')]
  expect(isStartedWith([plain, plain, asked], wanted)).toBe(true)
  expect(isStartedWith([plain, plain, plain, asked], wanted)).toBe(false)
  expect(isStartedWith([2 ** 30], wanted)).toBe(false)
  expect(isStartedWith([], wanted)).toBe(false)
})

test('whether a process reads and writes a terminal', async (context) => {
  requireTerminal(context)
  // Elsewhere the system does not tell.
  const unknown = process.platform !== 'linux'
  const { pid } = await Terminal.start(['/bin/cat'], { env: {}, cwd: temporaryFolder() })
  const piped = startNode()
  expect(isOnTerminal([pid])).toBe(true)
  expect(isOnTerminal([piped, pid])).toBe(true)
  expect(isOnTerminal([piped])).toBe(unknown)
  expect(isOnTerminal([piped, piped, piped, pid])).toBe(unknown)
  expect(isOnTerminal([2 ** 30])).toBe(unknown)
})

test('a process whose output goes elsewhere is not on a terminal', async (context) => {
  requireTerminal(context)
  const script = 'echo started; exec cat > /dev/null'
  const terminal = await Terminal.start(['/bin/sh', '-c', script], { env: {}, cwd: temporaryFolder() })
  await terminal.untilScreen('started')
  await expect.poll(() => isOnTerminal([terminal.pid])).toBe(process.platform !== 'linux')
})
