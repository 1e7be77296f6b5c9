import { expect, test } from 'vitest'
import { Rig, programsIn } from './rig.ts'

test('a hook with long paths is shown whole to the person who consents', async () => {
  const root = `/opt/${'long/'.repeat(120)}end`
  const rig = new Rig({ programs: programsIn(root) })
  const { output } = await rig.bellhop('install claude-code --hooks --dry-run')
  const shown = output.split('\n').filter((line) => line.includes('hook claude-code'))
  expect(shown.length).toBeGreaterThan(0)
  for (const line of shown) expect(line).toContain(`${root}/agents/cli/main.ts`)
  expect(output).not.toContain('characters more')
})

test('a file that is one long line is not', async () => {
  const rig = new Rig()
  rig.put(rig.pathOf('cursor', 'registration'), `{"x":"${'y'.repeat(5_000)}"}`)
  const { output } = await rig.bellhop('install cursor --dry-run')
  expect(output).toMatch(/… \(\d+ characters more\)/)
  for (const line of output.split('\n')) expect(line.length).toBeLessThan(2_100)
})
