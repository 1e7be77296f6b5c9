import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'jsonc-parser'
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser'
import { describe, expect, test } from 'vitest'
import { assistantIds, type AssistantId } from '../../../agents/assistants/index.ts'
import { recipes, type Machine } from '../../../agents/install/index.ts'
import { hookFixtures, notations, serverFixtures, type Notation } from './fixtures.ts'
import { Rig } from './rig.ts'

function valueOf(format: Notation['format'], text: string): unknown {
  if (format === 'toml') return getStaticTOMLValue(parseTOML(text))
  return text.trim() === '' ? {} : parse(text, [], { allowTrailingComma: true })
}

/** What somebody types into a file, whatever else is in it. */
function foreignEdit(format: Notation['format'], text: string): string {
  if (format === 'toml') return `# mine\n${text}\n\n[foreign] # too\nx = 1\n`
  if (text.trim() === '') return '{ "foreign": [1,2] }'
  const isEmpty = Object.keys(valueOf(format, text) as object).length === 0
  return text.replace('{', isEmpty ? '{ "foreign": [1,2]' : '{ "foreign": [1,2],')
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/\s+/g, '')
}

function install(assistant: AssistantId): string {
  return `install ${assistant} --yes${recipes[assistant].hooks ? ' --hooks' : ''}`
}

/** Whatever is installed, something else is written into the file, and it is uninstalled: what is left of the file. */
async function uninstallAfterEdit(
  rig: Rig,
  assistant: AssistantId,
  path: string,
  format: Notation['format'],
  text: string,
) {
  rig.put(path, text)
  await rig.bellhop(install(assistant))
  const installed = readFileSync(path, 'utf8')
  rig.put(path, foreignEdit(format, installed))
  const answer = await rig.bellhop(`uninstall ${assistant} --yes`)
  expect(answer).toMatchObject({ code: 0, problem: '' })
  expect(answer.output).toContain('was changed since')
  expect(existsSync(join(rig.machine.home, 'installs'))).toBe(false)
  return readFileSync(path, 'utf8')
}

describe.each(assistantIds)('a file of %s that was changed since: only what is ours goes', (assistant) => {
  const { format, hooks } = notations[assistant]

  test.each(serverFixtures(notations[assistant]))('servers: %s', async (_, text) => {
    const rig = new Rig()
    const left = await uninstallAfterEdit(rig, assistant, rig.pathOf(assistant, 'registration'), format, text)
    expect(withoutBlanks(left)).toBe(withoutBlanks(foreignEdit(format, text)))
  })

  test.each(hooks ? hookFixtures(hooks) : [])('hooks: %s', async (_, text) => {
    const rig = new Rig()
    const left = await uninstallAfterEdit(rig, assistant, rig.pathOf(assistant, 'hooks'), hooks!.format, text)
    expect(withoutBlanks(left)).toBe(withoutBlanks(foreignEdit(hooks!.format, text)))
  })

  test('install again after the change, and uninstall', async () => {
    const rig = new Rig()
    const path = rig.pathOf(assistant, 'registration')
    await rig.bellhop(install(assistant))
    rig.put(path, foreignEdit(format, readFileSync(path, 'utf8')))
    const moved = rig.moved()
    await moved.bellhop(`install ${assistant} --yes`)
    await moved.bellhop(`uninstall ${assistant} --yes`)
    expect(withoutBlanks(readFileSync(path, 'utf8'))).toBe(withoutBlanks(foreignEdit(format, '')))
  })

  test('without a record, what is ours is known by its programs', async () => {
    const rig = new Rig()
    const path = rig.pathOf(assistant, 'registration')
    const [, text] = serverFixtures(notations[assistant]).find(([name]) => name.startsWith('other servers'))!
    rig.put(path, text)
    await rig.bellhop(install(assistant))
    rmSync(rig.machine.home, { recursive: true })
    const answer = await rig.bellhop(`uninstall ${assistant} --yes`)
    expect(answer.output).toContain('there is no record')
    expect(valueOf(format, readFileSync(path, 'utf8'))).toEqual(valueOf(format, text))
    expect(Object.values(rig.files()).join('\n')).not.toContain('bellhop')
  })
})

test.each(assistantIds.filter((id) => notations[id].format !== 'toml'))(
  '%s writes its file anew, with more in it',
  async (assistant) => {
    const { format } = notations[assistant]
    const rig = new Rig()
    const path = rig.pathOf(assistant, 'registration')
    const original = '{"a": [1, {"b": null}]}'
    rig.put(path, original)
    await rig.bellhop(install(assistant))
    const value = { started: 3, ...(valueOf(format, readFileSync(path, 'utf8')) as object), last: 'x' }
    rig.put(path, JSON.stringify(value, null, 2))
    await rig.bellhop(`uninstall ${assistant} --yes`)
    const expected = { started: 3, ...(valueOf(format, original) as object), last: 'x' }
    expect(readFileSync(path, 'utf8')).toBe(JSON.stringify(expected, null, 2))
  },
)

test('other programs: hooks of ours beside theirs in one group, and an event that only we had', async () => {
  const rig = new Rig()
  const path = rig.pathOf('claude-code', 'hooks')
  await rig.bellhop('install claude-code --yes --hooks')
  const value = JSON.parse(readFileSync(path, 'utf8')) as { hooks: { Stop: { hooks: object[] }[] } }
  value.hooks.Stop[0]!.hooks.splice(1, 0, { type: 'command', command: 'echo theirs' })
  rig.put(path, JSON.stringify(value))
  await rig.bellhop('uninstall claude-code --yes')
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    hooks: { Stop: [{ hooks: [{ type: 'command', command: 'echo theirs' }] }] },
  })
})

test('members that somebody added to our entry stay when it is brought up to date', async () => {
  const rig = new Rig()
  const path = rig.pathOf('gemini', 'registration')
  await rig.bellhop('install gemini --yes')
  rig.put(path, readFileSync(path, 'utf8').replace('"command"', '"trust": true, "command"'))
  const { machine } = rig.moved() as { machine: Machine }
  await rig.moved().bellhop('install gemini --yes')
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    mcpServers: { bellhop: { trust: true, command: machine.programs.node, args: [machine.programs.shim] } },
  })
})
