import { expect, test } from 'vitest'
import { Correspondence } from '../correspondence/correspondence.ts'
import { describeVerdict } from '../history/check.ts'
import { medianAndWorst } from '../median.ts'
import { chooseSeed, seededRandom } from '../random.ts'
import { longFactor } from '../setting.ts'
import { comebacks, killAtRandom, type Victim } from './kill-at-random.ts'

/** Kills in all, and the homes that share them: while one waits for its hub, another has something to do. */
const kills = 200 * longFactor
const homes = 2

test(
  `hub, writers and readers are killed ${kills} times at random: nothing is lost, doubled, reordered or lied about`,
  async () => {
    const seed = chooseSeed()
    const worlds = Array.from({ length: homes }, (_, index) => ({
      correspondence: new Correspondence(),
      random: seededRandom(seed + index),
    }))
    const ended = await Promise.all(
      worlds.map(async ({ correspondence, random }) => {
        await correspondence.begin()
        const done = await killAtRandom(correspondence, kills / homes, random)
        await correspondence.pause()
        return { done, verdict: await correspondence.judge(), entries: correspondence.history.entries }
      }),
    )
    for (const [index, { verdict }] of ended.entries()) {
      process.stdout.write(`kills: seed ${seed}, home ${index}: ${kills / homes} kills; ${describeVerdict(verdict)}\n`)
    }
    for (const victim of ['hub', 'writer', 'reader'] satisfies Victim[]) {
      const count = ended.flatMap(({ done }) => done.filter((kill) => kill.victim === victim)).length
      const back = ended.flatMap(({ done, entries }) => comebacks(done, entries, victim))
      process.stdout.write(
        `kills: ${victim} killed ${count} times; of these ${back.length} undisturbed, let in again after ${medianAndWorst(back)}\n`,
      )
    }
    for (const { verdict } of ended) {
      expect(verdict.violations).toEqual([])
      expect(verdict.counts.accepted).toBeGreaterThan(kills / homes)
      expect(verdict.counts.shownAgain).toBeLessThan(verdict.counts.shown)
    }
  },
  600_000 * longFactor,
)
