import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { clientFaults } from './client-faults.ts'
import { startFaultyHub } from './faulty-hub.ts'
import { hubFaults } from './hub-faults.ts'
import { runClientVectors, runHubVectors } from './kit.ts'
import { loadVectors } from './load.ts'
import { startOwnHub } from './own-hub.ts'
import type { Line } from './report.ts'

const vectors = loadVectors()
/** How long the kit waits for what a fault keeps away, in milliseconds; a driver has to start within it. */
const deadlineMs = { hub: 4_000, client: 8_000 }

const faultyDriver = fileURLToPath(new URL('./faulty-driver.ts', import.meta.url))

/** The one line that a run of one conversation gives. */
function only(lines: readonly Line[]): Line {
  expect(lines).toHaveLength(1)
  return lines[0]!
}

describe('the kit names a hub that', () => {
  test.each(Object.entries(hubFaults))('%s', async (_name, { tamper, title, problem }) => {
    const hub = await startOwnHub()
    const url = await startFaultyHub(hub.url, () => tamper(hub.secret))
    const lines: Line[] = []
    const faulty = { ...hub, url, deadlineMs: deadlineMs.hub }
    await runHubVectors(
      vectors,
      () => Promise.resolve(faulty),
      (each) => each === title,
      (line) => lines.push(line),
    )
    expect(only(lines)).toMatchObject({ title, verdict: { kind: 'failed', problem: expect.stringMatching(problem) } })
  })
})

test('a hub that does nothing wrong passes behind the same relay', async () => {
  const hub = await startOwnHub()
  const relayed = { ...hub, url: await startFaultyHub(hub.url, () => ({})) }
  const titles = new Set(Object.values(hubFaults).map(({ title }) => title))
  titles.delete(hubFaults['lets in every web page']!.title)
  const lines: Line[] = []
  await runHubVectors(
    vectors,
    () => Promise.resolve(relayed),
    (each) => titles.has(each),
    (line) => lines.push(line),
  )
  expect(lines.filter(({ verdict }) => verdict.kind !== 'passed')).toEqual([])
  expect(lines).toHaveLength(titles.size)
})

describe('the kit names a client that', () => {
  test.each(Object.entries(clientFaults))('%s', async (name, { title, problem }) => {
    const lines: Line[] = []
    const client = { command: [process.execPath, faultyDriver, name], deadlineMs: deadlineMs.client }
    await runClientVectors(
      vectors,
      client,
      (each) => each === title,
      (line) => lines.push(line),
    )
    expect(only(lines)).toMatchObject({ title, verdict: { kind: 'failed', problem: expect.stringMatching(problem) } })
  })

  test('writes what is no JSON, or ends too early', async () => {
    const title = 'client/handshake: it proves itself and is ready'
    const run = async (script: string): Promise<Line> => {
      const lines: Line[] = []
      const client = { command: [process.execPath, '-e', script], deadlineMs: deadlineMs.client }
      await runClientVectors(
        vectors,
        client,
        (each) => each === title,
        (line) => lines.push(line),
      )
      return only(lines)
    }
    expect(await run('console.log("hello")')).toMatchObject({
      verdict: { kind: 'failed', problem: expect.stringMatching(/no JSON object: hello/) },
    })
    expect(await run('console.error("no client here"); process.exit(3)')).toMatchObject({
      verdict: { kind: 'failed', problem: expect.stringMatching(/ended with 3[^]*no client here/) },
    })
  })
})
