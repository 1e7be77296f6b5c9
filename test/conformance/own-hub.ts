import { readSettings, settingsWith, type Settings } from '../../hub/index.ts'
import { startTestHub } from '../support/hub.ts'
import { secretOf } from '../support/wire.ts'
import type { HubUnderTest } from './hub-talk.ts'

/** The hub of this repository in this process, with the settings that a conversation needs; gone when the test ends. */
export async function startOwnHub(needs: Readonly<Record<string, string>> = {}): Promise<HubUnderTest> {
  const hub = await startTestHub(changesIn(needs))
  const secret = needs['BELLHOP_OPEN'] === 'yes' ? '' : secretOf(hub.home.folder)
  return { url: hub.url, secret, settings: needs, deadlineMs: 10_000 }
}

/** What environment variables change of the settings. */
function changesIn(needs: Readonly<Record<string, string>>): Partial<Settings> {
  const plain = settingsWith()
  return Object.fromEntries(
    Object.entries(readSettings(needs)).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(plain[key as keyof Settings]),
    ),
  )
}
