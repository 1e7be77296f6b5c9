import type { Correspondence } from '../correspondence/correspondence.ts'
import { instant, type Entry } from '../history/history.ts'
import { isProgress } from '../progress.ts'
import { hubProcess, isAlive } from '../../support/processes.ts'

export type Victim = 'hub' | 'writer' | 'reader'

/** One kill: of whom, and when on the history's clock. */
export interface Kill {
  readonly victim: Victim
  readonly agent: string | undefined
  readonly at: number
}

/** The share of kills that the hub gets. */
const hubShare = 0.4
/** One kill in so many follows the one before without a pause. */
const doubleShare = 0.2
/** Messages accepted or shown between two kills, at most. */
const longestPause = 120

/**
 * Kills the hub, writers and readers, so often in all, each at a moment that only the traffic decides.
 * Those that were killed come back meanwhile, and may be killed again before they are back.
 */
export async function killAtRandom(
  correspondence: Correspondence,
  kills: number,
  random: () => number,
): Promise<readonly Kill[]> {
  const done: Kill[] = []
  const restarting = new Map<string, Promise<void>>()
  let lastHub: number | undefined

  function killHub(): boolean {
    const pid = hubProcess(correspondence.home)
    // The file outlives its hub: the successor is not there yet.
    if (pid === undefined || pid === lastHub || !isAlive(pid)) return false
    lastHub = pid
    process.kill(pid, 'SIGKILL')
    done.push({ victim: 'hub', agent: undefined, at: instant() })
    return true
  }

  function killAgent(): boolean {
    const alive = correspondence.agents.filter((agent) => !restarting.has(agent))
    const agent = alive[Math.floor(random() * alive.length)]
    if (agent === undefined) return false
    done.push({ victim: correspondence.readers.includes(agent) ? 'reader' : 'writer', agent, at: instant() })
    const restart = correspondence.restart(agent).finally(() => restarting.delete(agent))
    // Whoever waits for all of them hears of it.
    restart.catch(() => undefined)
    restarting.set(agent, restart)
    return true
  }

  while (done.length < kills) {
    if (random() >= doubleShare) {
      const pause = 1 + Math.floor(random() * longestPause)
      await correspondence.unlessFailed(correspondence.history.next(pause, isProgress))
    }
    const killed = random() < hubShare ? killHub() : killAgent()
    if (!killed) await correspondence.unlessFailed(correspondence.history.next(1, isProgress))
  }
  await Promise.all(restarting.values())
  return done
}

/**
 * Milliseconds after which victims of this kind were let in again; the hub's is that of the first agent that it
 * lets in. Those that were killed again first, or had their hub killed meanwhile, do not count.
 */
export function comebacks(kills: readonly Kill[], entries: readonly Entry[], victim: Victim): number[] {
  const arrivals = entries.flatMap(({ at, event }) => (event.kind === 'attached' ? [{ at, agent: event.agent }] : []))
  return kills.flatMap((kill, index) => {
    if (kill.victim !== victim) return []
    const isSame = (agent: string | undefined): boolean => kill.agent === undefined || agent === kill.agent
    const back = arrivals.find(({ at, agent }) => at > kill.at && isSame(agent))
    const disturbed = kills.slice(index + 1).find(({ victim, agent }) => victim === 'hub' || agent === kill.agent)
    return back && (!disturbed || back.at < disturbed.at) ? [back.at - kill.at] : []
  })
}
