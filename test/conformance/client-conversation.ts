import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClientTalk, secret } from './client-talk.ts'
import { Driver } from './driver.ts'
import type { ClientConversation, Json } from './format.ts'
import type { Case } from './load.ts'
import { shorten } from './match.ts'
import { verdictOf, type Verdict } from './report.ts'
import { Stage } from './stage.ts'

/** A client to test. */
export interface ClientUnderTest {
  /** Program and arguments of its driver. */
  readonly command: readonly string[]
  /** How long one thing may take to come, in milliseconds: longer than a client may wait to reconnect. */
  readonly deadlineMs: number
}

/** Lets a client play with a stage and a driver of its own; both are gone when it resolves. */
export async function withClient(
  { command, deadlineMs }: ClientUnderTest,
  { define, ignore }: { readonly define: Readonly<Record<string, Json>>; readonly ignore: readonly string[] },
  play: (talk: ClientTalk) => Promise<void>,
): Promise<Verdict> {
  const home = mkdtempSync(join(tmpdir(), 'bellhop-conformance-'))
  const stage = await Stage.open()
  const driver = new Driver(command, { BELLHOP_URL: stage.url, BELLHOP_SECRET: secret, BELLHOP_HOME: home })
  try {
    await play(new ClientTalk(stage, driver, deadlineMs, define, ignore))
    return { kind: 'passed' }
  } catch (error) {
    const verdict = verdictOf(error)
    const again = stage.arrivals.left.length > 0 ? ['Meanwhile the client had connected again.'] : []
    const wrote = driver.complaint === '' ? [] : [`The driver wrote: ${driver.complaint}`]
    return { ...verdict, problem: [verdict.problem, ...again, ...wrote].join('\n') }
  } finally {
    await driver.kill()
    await stage.close()
    rmSync(home, { recursive: true, force: true })
  }
}

/** Runs one conversation with a client. */
export async function runClientConversation(
  conversation: Case<ClientConversation>,
  client: ClientUnderTest,
): Promise<Verdict> {
  const { steps, start } = conversation
  let step = 0
  const verdict = await withClient(client, conversation, async (talk) => {
    await talk.start(start)
    for (const each of steps) {
      step += 1
      await talk.step(each)
    }
    step = 0
    await talk.finish()
  })
  if (verdict.kind !== 'failed' || step === 0) return verdict
  return { ...verdict, step, what: shorten(JSON.stringify(steps[step - 1])) }
}
