import { onTestFinished } from 'vitest'
import { settingsWith, startHub, type Hub, type HubOptions, type Settings } from '../../hub/index.ts'
import { temporaryFolder } from './teardown.ts'

/** Limits that no test means to meet, unless it sets them. */
const generous = { sendsPerMinute: 1_000_000, registrationsPerMinute: 1_000_000 }

/** A hub that is reachable over TCP. */
export type TestHub = Hub & { readonly url: string }

/** A hub on a free port with a home of its own, stopped when the test ends. */
export async function startTestHub(
  changes: Partial<Settings> = {},
  options: Omit<HubOptions, 'settings'> = {},
): Promise<TestHub> {
  const settings = settingsWith({ home: temporaryFolder(), port: 0, ...generous, ...changes })
  const hub = await startHub({ settings, ...options })
  onTestFinished(() => hub.close())
  if (hub.url === undefined) throw new Error('the hub serves no TCP')
  return hub as TestHub
}

/** A clock that moves when it is told to. */
export class ManualClock {
  #now = Date.UTC(2026, 10, 22, 9)

  now(): number {
    return this.#now
  }

  advance(ms: number): void {
    this.#now += ms
  }
}
