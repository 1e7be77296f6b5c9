import { appendFileSync, chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { assistantIds, type AssistantId } from '../../../agents/assistants/index.ts'
import { notations } from './fixtures.ts'
import { Rig } from './rig.ts'

/** Runs an installation that must change nothing, in the user's folder or in the home. */
async function expectLeftAlone(
  rig: Rig,
  line: string,
  ...options: Parameters<Rig['bellhop']> extends [string, ...infer R] ? R : never
) {
  const before = rig.files()
  const answer = await rig.bellhop(line, ...options)
  expect(rig.files()).toEqual(before)
  expect(existsSync(rig.machine.home)).toBe(false)
  return answer
}

function foreignEntry(assistant: AssistantId): string {
  const { servers, format } = notations[assistant]
  if (format === 'toml') return `# mine\n\n[${servers}.bellhop]\ncommand = "mine"\n`
  return `{\n  "a": 1,\n  "${servers}": { "bellhop": { "command": "mine" } }\n}\n`
}

describe.each(assistantIds)('%s: left alone and told, with file, line and next step', (assistant) => {
  const { servers, format } = notations[assistant]
  const isToml = format === 'toml'

  const broken: [what: string, content: string | Buffer, line: number | undefined][] = [
    ['broken', isToml ? 'a = 1\nb = = 2\n' : '{\n  "a": 1,\n  "b" 2\n}\n', isToml ? 2 : 3],
    ['cut off', isToml ? 'a = "x' : `{\n"${servers}": {\n`, isToml ? 1 : 3],
    ['a byte order mark', isToml ? '\uFEFFa = 1\n' : '\uFEFF{}\n', 1],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), undefined],
    ['no object', isToml ? `${servers} = 1\n` : '[]', 1],
    ['servers that are none', isToml ? `\n[[${servers}]]\nx = 1\n` : `{\n\n"${servers}": []}`, isToml ? 2 : 3],
    ['an entry twice', isToml ? 'a = 1\na = 2\n' : `{"${servers}": {},\n"${servers}": {}}`, 2],
    ['an entry of our name that is not ours', foreignEntry(assistant), 3],
  ]
  test.each(broken)('%s', async (_, content, line) => {
    const rig = new Rig()
    const path = rig.pathOf(assistant, 'registration')
    rig.put(path, content)
    const answer = await expectLeftAlone(rig, `install ${assistant} --yes`)
    expect(answer).toMatchObject({ code: 5, output: '' })
    expect(answer.problem).toContain(line === undefined ? path : `${path}, line ${line}: `)
    expect(answer.problem).toContain('run this again')
  })

  test('a file that cannot be read, and a link that leads nowhere', async () => {
    const rig = new Rig()
    const path = rig.pathOf(assistant, 'registration')
    mkdirSync(path, { recursive: true })
    expect(await expectLeftAlone(rig, `install ${assistant} --yes`)).toMatchObject({ code: 5 })

    const linked = new Rig()
    const link = linked.pathOf(assistant, 'registration')
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(linked.machine.userFolder, 'nowhere'), link)
    const answer = await expectLeftAlone(linked, `install ${assistant} --yes`)
    expect(answer).toMatchObject({ code: 5 })
    expect(answer.problem).toContain('link to a file that is not there')
  })

  test('an entry of our name that is not ours is not cut either', async () => {
    const rig = new Rig()
    rig.put(rig.pathOf(assistant, 'registration'), foreignEntry(assistant))
    expect(await expectLeftAlone(rig, `uninstall ${assistant} --yes`)).toMatchObject({ code: 0, problem: '' })
  })

  test('a dry run shows the difference', async () => {
    const answer = await expectLeftAlone(new Rig(), `install ${assistant} --dry-run`)
    expect(answer).toMatchObject({ code: 0, problem: '' })
    expect(answer.output).toContain('+++ ')
    expect(answer.output).toContain('Nothing was changed (--dry-run)')
  })

  test('without a terminal it wants --yes', async () => {
    const answer = await expectLeftAlone(new Rig(), `install ${assistant}`)
    expect(answer.code).toBe(4)
    expect(answer.problem).toContain('--yes')
  })

  test('no is no, and yes is yes', async () => {
    const rig = new Rig()
    expect(await expectLeftAlone(rig, `install ${assistant}`, { answer: () => false })).toMatchObject({ code: 3 })
    expect(await rig.bellhop(`install ${assistant}`, { answer: () => true })).toMatchObject({ code: 0 })
    expect(rig.files()).not.toEqual({})
  })

  test('a file that changes between reading and writing', async () => {
    const rig = new Rig()
    const path = rig.pathOf(assistant, 'registration')
    rig.put(path, isToml ? 'a = 1\n' : '{}\n')
    const answer = await rig.bellhop(`install ${assistant}`, {
      answer() {
        appendFileSync(path, '\n')
        return true
      },
    })
    expect(answer.code).toBe(5)
    expect(answer.problem).toContain('changed by another program')
    expect(readFileSync(path, 'utf8')).toBe(isToml ? 'a = 1\n\n' : '{}\n\n')
    expect(existsSync(rig.machine.home)).toBe(false)
  })

  test('a link stays a link, and its target keeps its mode', async () => {
    const rig = new Rig()
    const path = rig.pathOf(assistant, 'registration')
    const target = join(rig.machine.userFolder, 'dotfiles', 'settings')
    rig.put(target, isToml ? 'a = 1' : '{"a": 1}')
    chmodSync(target, 0o666)
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(target, path)
    const before = rig.files()
    expect(await rig.bellhop(`install ${assistant} --yes`)).toMatchObject({ code: 0 })
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(lstatSync(target).mode & 0o777).toBe(0o666)
    expect(readFileSync(target, 'utf8')).toContain('bellhop')
    await rig.bellhop(`uninstall ${assistant} --yes`)
    expect(rig.files()).toEqual(before)
  })
})

describe('what only some parsers take is broken for the others', () => {
  const comment = '{ // c\n}'
  const trailing = '{\n  "a": 1,\n}'
  test.each([
    ['claude-code', comment, 5],
    ['claude-code', trailing, 5],
    ['gemini', comment, 0],
    ['gemini', trailing, 5],
    ['opencode', comment, 0],
    ['opencode', trailing, 0],
  ] as const)('%s: %j ends with %i', async (assistant, text, code) => {
    const rig = new Rig()
    rig.put(rig.pathOf(assistant, 'registration'), text)
    expect(await rig.bellhop(`install ${assistant} --yes`)).toMatchObject({ code })
  })
})

test('a file of hooks of another version is left alone', async () => {
  const rig = new Rig()
  rig.put(rig.pathOf('cursor', 'hooks'), '{\n"version": 2}')
  const answer = await expectLeftAlone(rig, 'install cursor --yes --hooks')
  expect(answer.code).toBe(5)
  expect(answer.problem).toContain('line 2: "version" is 2')
})

test('hooks that are no lists are left alone', async () => {
  const rig = new Rig()
  rig.put(rig.pathOf('claude-code', 'hooks'), '{"hooks": {\n"Stop": {}}}')
  const answer = await expectLeftAlone(rig, 'install claude-code --yes --hooks')
  expect(answer.problem).toContain('line 2: "hooks.Stop" has to be an array')
})

test('a plugin of the same name that is not ours is left alone', async () => {
  const rig = new Rig()
  rig.put(rig.pathOf('opencode', 'hooks'), 'export const Mine = async () => ({})\n')
  expect(await expectLeftAlone(rig, 'install opencode --yes --hooks')).toMatchObject({ code: 5 })
})

test.each(['vscode', 'windsurf', 'claude-desktop'])('%s has no hooks to install, and says so', async (assistant) => {
  const answer = await expectLeftAlone(new Rig(), `install ${assistant} --yes --hooks`)
  expect(answer.code).toBe(2)
  expect(answer.problem).toContain('without --hooks')
})

test('a damaged record is told, and nothing is put back from it', async () => {
  const rig = new Rig()
  await rig.bellhop('install gemini --yes')
  const record = join(rig.machine.home, 'installs', 'gemini', 'record.json')
  rig.put(record, '{')
  const before = rig.files()
  const answer = await rig.bellhop('uninstall gemini --yes')
  expect(answer.code).toBe(5)
  expect(answer.problem).toContain(record)
  expect(rig.files()).toEqual(before)
})

test('the record and its copies are for their user only', async () => {
  const rig = new Rig()
  rig.put(rig.pathOf('cursor', 'registration'), '{}')
  await rig.bellhop('install cursor --yes')
  const folder = join(rig.machine.home, 'installs', 'cursor')
  const modes = [rig.machine.home, folder].map((path) => lstatSync(path).mode & 0o777)
  expect(modes).toEqual([0o700, 0o700])
  const { files } = JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8')) as { files: { before: string }[] }
  for (const name of ['record.json', files[0]!.before]) expect(lstatSync(join(folder, name)).mode & 0o777).toBe(0o600)
})
