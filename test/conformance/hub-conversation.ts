import type { HubConversation } from './format.ts'
import { HubTalk, type HubUnderTest } from './hub-talk.ts'
import type { Case } from './load.ts'
import { shorten } from './match.ts'
import { verdictOf, type Verdict } from './report.ts'

/** Runs one conversation against a hub. */
export async function runHubConversation(
  { steps, needs, define, ignore }: Case<HubConversation>,
  hub: HubUnderTest,
): Promise<Verdict> {
  const missing = Object.entries(needs).filter(([name, value]) => hub.settings[name] !== value)
  if (missing.length > 0) {
    return {
      kind: 'skipped',
      reason: `it needs a hub with ${missing.map(([name, value]) => `${name}=${value}`).join(' ')}`,
    }
  }
  const talk = new HubTalk(hub, define, ignore)
  let step = 0
  try {
    for (const each of steps) {
      step += 1
      await talk.step(each)
    }
    step = 0
    await talk.finish()
    return { kind: 'passed' }
  } catch (error) {
    const verdict = verdictOf(error)
    return step === 0 ? verdict : { ...verdict, step, what: shorten(JSON.stringify(steps[step - 1])) }
  } finally {
    await talk.end()
  }
}
