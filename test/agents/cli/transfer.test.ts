import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { withTransfer } from '../../../agents/cli/transfer.ts'
import { startClient } from '../../support/clients.ts'
import { startTestHub } from '../../support/hub.ts'
import { fakeTerminal } from '../../support/terminal.ts'

const large = 3 * 1024 * 1024

/** What bars were drawn, and how far each came. */
function watched() {
  const bars: { title: string; total: number; steps: number[]; ended: boolean }[] = []
  const terminal = {
    ...fakeTerminal().terminal,
    progress(title: string, total: number) {
      const bar = { title, total, steps: [] as number[], ended: false }
      bars.push(bar)
      return { reached: (value: number) => void bar.steps.push(value), end: () => void (bar.ended = true) }
    },
  }
  return { terminal, bars }
}

describe('a large body', () => {
  test.each(['TCP', 'Unix socket'])('is seen moving, there and back, over the %s', async (way) => {
    const hub = await startTestHub()
    const env = { BELLHOP_HOME: hub.home.folder, ...(way === 'TCP' && { BELLHOP_URL: hub.url }) }
    const { client } = await startClient(env, 'anna')
    const bytes = randomBytes(large)
    const { terminal, bars } = watched()
    const blob = await withTransfer('Up', terminal, (moving) => client.upload(bytes, { mediaType: 'x/y' }, moving))
    const back = await withTransfer('Down', terminal, (moving) => client.download(blob, moving))
    expect(Buffer.from(back).equals(bytes)).toBe(true)
    expect(bars).toMatchObject([
      { title: 'Up', total: large, ended: true },
      { title: 'Down', total: large, ended: true },
    ])
    for (const { steps } of bars) {
      expect(steps.length).toBeGreaterThan(2)
      expect(steps).toEqual(steps.toSorted((a, b) => a - b))
      expect(steps.at(-1)).toBe(large)
    }
  })

  test('in a message, too', async () => {
    const hub = await startTestHub()
    const { client } = await startClient({ BELLHOP_HOME: hub.home.folder }, 'anna')
    const { terminal, bars } = watched()
    await withTransfer('Sending', terminal, (moving) => client.send({ to: 'bob', content: 'a'.repeat(large) }, moving))
    expect(bars).toMatchObject([{ title: 'Sending', total: large, ended: true }])
  })
})

test('a small body draws no bar', async () => {
  const { terminal, bars } = watched()
  await withTransfer('Up', terminal, ({ onProgress }) => Promise.resolve(onProgress?.(10, 10)))
  expect(bars).toEqual([])
})

test('a bar ends with what it stands for, also where that fails', async () => {
  const { terminal, bars } = watched()
  const work = withTransfer('Up', terminal, ({ onProgress }) => {
    onProgress?.(1, large)
    return Promise.reject(new Error('no'))
  })
  await expect(work).rejects.toThrow('no')
  expect(bars).toMatchObject([{ ended: true }])
})
