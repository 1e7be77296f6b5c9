import { EventEmitter, once } from 'node:events'
import { onTestFinished } from 'vitest'
import {
  bridgeLimits,
  startBridge,
  type Bridge,
  type BridgeLog,
  type BridgeOptions,
} from '../../../agents/bridge/index.ts'
import type { Settings } from '../../../hub/index.ts'
import { startClient, type TestClient } from '../../support/clients.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { startTestHub, type ManualClock, type TestHub } from '../../support/hub.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { secretOf } from '../../support/wire.ts'
import { OldClient } from './old-client.ts'

/** A hub with a bridge, and clients of both kinds. */
export interface Rig {
  readonly home: string
  readonly hub: TestHub
  readonly bridge: Bridge
  /** The bridge's time; it stands still. */
  readonly clock: FakeClock
  readonly secret: string
  /** An old client that has registered. */
  old(name: string): Promise<OldClient>
  /** A client of the library, of another home: another user's, or another machine's. */
  fresh(name: string): Promise<TestClient>
  /** Resolves when the bridge has made its next answer. Ask before you cause it. */
  nextAnswer(): Promise<void>
  /** Closes both and starts them again on the same home. */
  restart(): Promise<Rig>
}

interface Times {
  readonly clock?: FakeClock
  readonly hubClock?: ManualClock
}

const silent: BridgeLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

export async function startRig(
  changes: Partial<Settings> = {},
  { home = temporaryFolder(), clock = new FakeClock(), hubClock }: Times & { home?: string } = {},
): Promise<Rig> {
  const hub = await startTestHub({ home, ...changes }, { ...(hubClock && { clock: hubClock }) })
  const answers = new EventEmitter()
  const log: BridgeLog = { ...silent, debug: (_facts, event) => answers.emit(event) }
  const bridge = await startTestBridge({ home, clock, log })
  const secret = changes.open ? '' : secretOf(home)
  return {
    home,
    hub,
    bridge,
    clock,
    secret,
    async old(name) {
      const client = new OldClient(bridge.port, name)
      const answer = await client.register(secret)
      if (answer.status !== 'ok') throw new Error(answer.message)
      return client
    },
    fresh: (name) =>
      startClient({ BELLHOP_HOME: temporaryFolder(), BELLHOP_URL: hub.url, BELLHOP_SECRET: secret }, name),
    async nextAnswer() {
      await once(answers, 'answered an old client')
    },
    async restart() {
      await bridge.close()
      await hub.close()
      return startRig(changes, { home, clock, ...(hubClock && { hubClock }) })
    },
  }
}

export async function startTestBridge(options: Omit<BridgeOptions, 'port' | 'environment'>): Promise<Bridge> {
  const bridge = await startBridge({ port: 0, environment: {}, ...options })
  onTestFinished(() => bridge.close())
  return bridge
}

/** Lets so much time pass that a name is nobody's any more, and waits until its senders see that. */
export async function letPresenceEnd({ clock }: Rig, observer: TestClient, name: string): Promise<void> {
  clock.advance(bridgeLimits.presenceMs)
  for (;;) {
    const { agents } = await observer.client.request('list', {})
    if (agents.find((agent) => agent.name === name)?.online === false) return
  }
}
