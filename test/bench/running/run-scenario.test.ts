import { existsSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../support/teardown.ts'
import { quickEffort } from '../effort.ts'
import type { Contender, Scenario } from '../scenario.ts'
import { runScenario } from './run-scenario.ts'
import { Workshop } from './workshop.ts'

const scenario: Scenario = {
  id: 'speed',
  title: 'Speed',
  about: 'How fast.',
  metrics: [{ key: 'rate', label: 'rate', unit: '/s', better: 'more' }],
  main: 'rate',
  baseline: 'a',
  targets: [],
  contenders: () => [],
}

function workshopFor(runs: number): Workshop {
  const workshop = new Workshop(temporaryFolder(), { ...quickEffort, runs })
  onTestFinished(() => workshop.close())
  return workshop
}

function contender(id: string, measure: Contender['measure'], missing?: string): Contender {
  return { id, label: id, peer: id, measure, ...(missing !== undefined && { missing }) }
}

test('contenders take turns, one that is missing has none, and a failure leaves a hole and a sentence', async () => {
  const order: string[] = []
  const measure = (id: string, fails: (turn: number) => boolean) => async () => {
    order.push(id)
    const turn = order.filter((other) => other === id).length
    if (fails(turn)) throw new Error('it fell over')
    return { rate: turn * 10 }
  }
  const never = (): boolean => false
  const contenders = [
    contender('a', measure('a', never)),
    contender(
      'b',
      measure('b', (turn) => turn === 2),
    ),
    contender('c', measure('c', never), 'not installed'),
  ]
  const lines: string[] = []
  const { results, failures } = await runScenario(scenario, contenders, workshopFor(3), (line) => lines.push(line))
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b'])
  expect(results.rows).toEqual([
    { contender: 'a', samples: [{ rate: 10 }, { rate: 20 }, { rate: 30 }] },
    { contender: 'b', samples: [{ rate: 10 }, undefined, { rate: 30 }] },
  ])
  expect(failures).toEqual(['speed 2/3 b: it fell over'])
  expect(lines[0]).toBe('speed 1/3 a: 10 /s')
})

test('what is no number is no figure', async () => {
  const contenders = [contender('a', () => Promise.resolve({ rate: 0, cost: 1 / 0, other: NaN }))]
  const { results } = await runScenario(scenario, contenders, workshopFor(1), () => undefined)
  expect(results.rows).toEqual([{ contender: 'a', samples: [{ rate: 0 }] }])
})

test('what a run leaves, processes and files, is gone before the next', async () => {
  const pids: number[] = []
  const folders: string[] = []
  const measure: Contender['measure'] = async (workshop) => {
    const child = workshop.spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'])
    pids.push(child.pid!)
    folders.push(mkdtempSync(join(workshop.newFolder('data'), 'x')))
    return { rate: 1 }
  }
  const workshop = workshopFor(2)
  await runScenario(scenario, [contender('a', measure)], workshop, () => undefined)
  expect(new Set(pids).size).toBe(2)
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, false])
})
