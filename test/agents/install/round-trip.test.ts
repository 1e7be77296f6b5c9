import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { assistantIds, type AssistantId } from '../../../agents/assistants/index.ts'
import { recipes } from '../../../agents/install/index.ts'
import { hookFixtures, notations, serverFixtures } from './fixtures.ts'
import { Rig } from './rig.ts'

/** As much as there is to install. */
function everything(assistant: AssistantId): string {
  return `install ${assistant} --yes${recipes[assistant].hooks ? ' --hooks' : ''}`
}

/** Install, install again, uninstall: the user's files before and after. */
async function thereAndBack(rig: Rig, assistant: AssistantId) {
  const before = rig.files()
  const first = await rig.bellhop(everything(assistant))
  expect(first).toMatchObject({ code: 0, problem: '' })
  expect(first.output).toContain('+++ ')
  const installed = rig.files()
  expect(readFileSync(rig.pathOf(assistant, 'registration'), 'utf8')).toContain(
    '/opt/bellhop source/agents/mcp/main.ts',
  )

  const second = await rig.bellhop(everything(assistant))
  expect(second).toMatchObject({ code: 0, problem: '' })
  expect(second.output).toContain('nothing needs to change')
  expect(rig.files()).toEqual(installed)

  expect(await rig.bellhop(`uninstall ${assistant} --yes`)).toMatchObject({ code: 0, problem: '' })
  const after = rig.files()
  expect(existsSync(join(rig.machine.home, 'installs'))).toBe(false)
  const third = await rig.bellhop(`uninstall ${assistant} --yes`)
  expect(third).toMatchObject({ code: 0, problem: '' })
  expect(third.output).toContain('nothing needs to change')
  return { before, after }
}

describe.each(assistantIds)('install, install again and uninstall of %s give back byte for byte', (assistant) => {
  const notation = notations[assistant]

  test('no folder', async () => {
    const { before, after } = await thereAndBack(new Rig(), assistant)
    expect(after).toEqual(before)
  })

  test('no file', async () => {
    const rig = new Rig()
    mkdirSync(dirname(rig.pathOf(assistant, 'registration')), { recursive: true })
    const { before, after } = await thereAndBack(rig, assistant)
    expect(after).toEqual(before)
  })

  test.each(serverFixtures(notation))('servers: %s', async (_, text) => {
    const rig = new Rig()
    rig.put(rig.pathOf(assistant, 'registration'), text)
    const { before, after } = await thereAndBack(rig, assistant)
    expect(after).toEqual(before)
  })

  test.each(notation.hooks ? hookFixtures(notation.hooks) : [])('hooks: %s', async (_, text) => {
    const rig = new Rig()
    rig.put(rig.pathOf(assistant, 'hooks'), text)
    const { before, after } = await thereAndBack(rig, assistant)
    expect(after).toEqual(before)
  })

  test('after an installation without hooks, with hooks, and from a checkout that moved', async () => {
    const rig = new Rig()
    const [, [, text]] = serverFixtures(notation).toReversed() as [unknown, [string, string]]
    rig.put(rig.pathOf(assistant, 'registration'), text, 0o600)
    const before = rig.files()
    await rig.bellhop(`install ${assistant} --yes`)
    await rig.bellhop(everything(assistant))
    const moved = rig.moved()
    const answer = await moved.bellhop(`install ${assistant} --yes`)
    expect(answer).toMatchObject({ code: 0, problem: '' })
    const now = Object.values(rig.files()).join('\n')
    expect(now).toContain('/srv/bellhop/agents/mcp/main.ts')
    expect(now).not.toContain('/opt/bellhop source')
    await moved.bellhop(`uninstall ${assistant} --yes`)
    expect(rig.files()).toEqual(before)
  })
})
