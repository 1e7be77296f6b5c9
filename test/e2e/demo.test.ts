import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const demo = fileURLToPath(new URL('../demo/main.ts', import.meta.url))

/** What each step must have printed, in this order. */
const marks = [
  /^1\. A hub starts$/m,
  /hub {4} listens at ws:\/\/127\.0\.0\.1:\d+/,
  /^2\. Mail to a name that does not exist yet$/m,
  /│ Your message was accepted as \S+ and is on disk\. Nobody has registered "claude" so far/,
  /^3\. It arrives when the name is registered$/m,
  /│ rose: Welcome! The build is yours\./,
  /^4\. A push wakes an assistant that waits$/m,
  /│ rose: Tests are red on main\./,
  /✓ \d+\.\d ms from the call of send to the end of wait/,
  /^5\. A broadcast, and a reply$/m,
  /│ claude: I am on it\./,
  /│ rose: Thanks\./,
  /^6\. A rename, and mail to the old name$/m,
  /│ You are now "claude-debugging"/,
  /│ rose: Any news\?/,
  /^7\. A message of 20 KB$/m,
  /│ 20000 bytes in \S+\.md/,
  /^8\. Receipts: what became of a message$/m,
  /│ {3}- claude-debugging: shown/,
  /^9\. The hub is killed in the middle$/m,
  /process \d+ gets SIGKILL/,
  /│ rose: Sent just before the crash\./,
  /│ rose: Sent while there was no hub\./,
  /✓ nothing lost; \d+ ms from the kill/,
  /^Done in \d+\.\d s\./m,
]

test('the demo ends with exit code 0 and shows every step', async () => {
  const child = spawn(process.execPath, [demo], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  expect(errors).toBe('')
  let rest = output
  for (const mark of marks) {
    const found = mark.exec(rest)
    expect(found, `${mark} is missing, or out of order, in:\n${output}`).not.toBeNull()
    rest = rest.slice(found!.index + found![0].length)
  }
  expect(code).toBe(0)
})
