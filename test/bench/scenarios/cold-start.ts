import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { measureHook, withConversation } from '../running/conversation.ts'
import { measureShim, shimSettings } from '../running/shim.ts'
import { startHub } from '../peers/hub.ts'
import type { Workshop } from '../running/workshop.ts'
import type { Contender, Metric, Sample, Scenario, Target } from '../scenario.ts'
import { median } from '../measuring/statistics.ts'
import { once } from 'node:events'

/** Processes that each run starts, one after the other. */
const starts = { full: 3, quick: 1 } as const

const metrics: readonly Metric[] = [{ key: 'ms', label: 'time', unit: 'ms', better: 'less' }]

/** `first`: nothing was compiled before; `later`: what an earlier start has compiled is in the home. */
type Age = 'first' | 'later'

/** The median of some cold processes. Before each, what was compiled is thrown away, or one that does not count has compiled it. */
async function repeated(workshop: Workshop, home: string, age: Age, one: () => Promise<number>): Promise<Sample> {
  const took: number[] = []
  if (age === 'later') await one()
  for (let start = 0; start < starts[workshop.effort.kind]; start += 1) {
    if (age === 'first') rmSync(join(home, 'cache'), { recursive: true, force: true })
    took.push(await one())
  }
  return { ms: median(took) }
}

async function shimBesideHub(workshop: Workshop, age: Age): Promise<Sample> {
  const home = workshop.newFolder('shim')
  const server = await startHub(workshop, home)
  return repeated(workshop, home, age, () => measureShim(workshop, { home, hub: server.pid }))
}

function shimAlone(workshop: Workshop, age: Age): Promise<Sample> {
  const home = workshop.newFolder('shim')
  return repeated(workshop, home, age, () => measureShim(workshop, { home, hub: 'started by the shim' }))
}

function hook(workshop: Workshop, age: Age, mail: boolean): Promise<Sample> {
  return withConversation(workshop, (conversation) =>
    repeated(workshop, conversation.home, age, () => measureHook(workshop, conversation, mail)),
  )
}

async function bareNode(workshop: Workshop): Promise<Sample> {
  const home = workshop.newFolder('node')
  return repeated(workshop, home, 'later', async () => {
    const begin = performance.now()
    await once(workshop.spawn(process.execPath, ['--eval', ''], { env: shimSettings(home) }), 'exit')
    return performance.now() - begin
  })
}

function contender(id: string, label: string, measure: (workshop: Workshop) => Promise<Sample>): Contender {
  return { id, label, peer: 'hub', measure }
}

function within(id: string, what: string, limit: number): Target {
  return {
    what,
    bound: 'at most',
    limit,
    unit: 'ms',
    value: (results) => results.summary(id, 'ms')?.median,
  }
}

const contenders: readonly Contender[] = [
  contender('node', 'bare Node that does nothing', bareNode),
  contender('shim-hub', 'shim, hub there', (workshop) => shimBesideHub(workshop, 'later')),
  contender('shim-hub-first', 'shim, hub there, very first start', (workshop) => shimBesideHub(workshop, 'first')),
  contender('shim-alone', 'shim, no hub', (workshop) => shimAlone(workshop, 'later')),
  contender('shim-alone-first', 'shim, no hub, very first start', (workshop) => shimAlone(workshop, 'first')),
  contender('hook', 'hook, nothing waits', (workshop) => hook(workshop, 'later', false)),
  contender('hook-mail', 'hook, a message waits', (workshop) => hook(workshop, 'later', true)),
  contender('hook-first', 'hook, nothing waits, very first run', (workshop) => hook(workshop, 'first', false)),
]

/** Where it is only to be seen that things work: one of each. */
const shownQuickly = ['shim-hub', 'hook-mail']

export const coldStart: Scenario = {
  id: 'cold-start',
  title: 'Cold starts',
  about:
    'A new process each time, started as an installation does. Shim: until it answers `initialize`; ' +
    'beside a hub that runs, and where none does and it starts one. Hook: the whole process of `bellhop hook ' +
    "claude-code` at a prompt, with a shim of the same conversation there. The very first start compiles the program's " +
    'code, which is kept in the home; every later one finds it there. A bare Node that does nothing is what it cannot be below.',
  metrics,
  main: 'ms',
  baseline: 'node',
  targets: [
    within('shim-hub', 'shim answers initialize, a hub is there', 250),
    within('shim-alone', 'shim answers initialize, no hub is there', 250),
    within('shim-hub-first', 'shim answers initialize at its very first start', 250),
    within('hook', 'hook run, nothing waits', 120),
    within('hook-mail', 'hook run that shows a message', 120),
    within('hook-first', 'hook run, the very first', 120),
  ],
  contenders: ({ kind }) => (kind === 'full' ? contenders : contenders.filter(({ id }) => shownQuickly.includes(id))),
}
