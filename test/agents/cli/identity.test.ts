import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { remember, rememberRename, whoAmI } from '../../../agents/cli/identity.ts'
import { Problem } from '../../../agents/cli/problem.ts'
import { temporaryFolder } from '../../support/teardown.ts'

const nobody = { env: {} }

describe('whose name a command goes by', () => {
  test('what --as says, before everything', () => {
    const home = temporaryFolder()
    remember(home, 'anna', 'tty 1')
    expect(whoAmI('carl', { home, env: { BELLHOP_NAME: 'bob' } }, 'tty 1')).toBe('carl')
  })

  test('then BELLHOP_NAME', () => {
    const home = temporaryFolder()
    remember(home, 'anna', 'tty 1')
    expect(whoAmI(undefined, { home, env: { BELLHOP_NAME: 'bob' } }, 'tty 1')).toBe('bob')
  })

  test("then this terminal's, whatever others registered since", () => {
    const home = temporaryFolder()
    remember(home, 'anna', 'tty 1')
    remember(home, 'bob', 'tty 2')
    expect(whoAmI(undefined, { home, ...nobody }, 'tty 1')).toBe('anna')
    expect(whoAmI(undefined, { home, ...nobody }, 'tty 2')).toBe('bob')
    remember(home, 'carl', 'tty 1')
    expect(whoAmI(undefined, { home, ...nobody }, 'tty 1')).toBe('carl')
  })

  test('then the only one that there is, in whatever case it was typed', () => {
    const home = temporaryFolder()
    remember(home, 'anna', 'tty 1')
    remember(home, 'Anna', 'tty 2')
    expect(whoAmI(undefined, { home, ...nobody }, 'tty 3')).toBe('Anna')
  })

  test('of several it is asked back, and names them', () => {
    const home = temporaryFolder()
    remember(home, 'anna', 'tty 1')
    remember(home, 'bob', 'tty 2')
    expect(() => whoAmI(undefined, { home, ...nobody }, 'tty 3')).toThrow(Problem)
    expect(() => whoAmI(undefined, { home, ...nobody }, 'tty 3')).toThrow(/anna, bob/)
  })

  test.each(['', '{', '{"registered":[{"terminal":1}]}'])('a file that holds %j counts for nothing', (content) => {
    const home = temporaryFolder()
    writeFileSync(join(home, 'terminals.json'), content)
    expect(() => whoAmI(undefined, { home, ...nobody }, 'tty 1')).toThrow(/no name yet/)
    remember(home, 'anna', 'tty 1')
    expect(whoAmI(undefined, { home, ...nobody }, 'tty 1')).toBe('anna')
  })
})

test('a rename reaches every terminal that goes by the name, and giving it up too', () => {
  const home = temporaryFolder()
  remember(home, 'anna', 'tty 1')
  remember(home, 'bob', 'tty 2')
  rememberRename(home, 'ANNA', 'anna-2')
  expect(whoAmI(undefined, { home, ...nobody }, 'tty 1')).toBe('anna-2')
  rememberRename(home, 'anna-2', undefined)
  // The only name that is left.
  expect(whoAmI(undefined, { home, ...nobody }, 'tty 1')).toBe('bob')
})

test('the file is its user’s alone, and does not grow without bound', () => {
  const home = temporaryFolder()
  for (let terminal = 0; terminal < 210; terminal += 1) remember(home, `name-${terminal}`, `tty ${terminal}`)
  const file = join(home, 'terminals.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const { registered } = JSON.parse(readFileSync(file, 'utf8')) as { registered: unknown[] }
  expect(registered).toHaveLength(200)
  expect(whoAmI(undefined, { home, ...nobody }, 'tty 209')).toBe('name-209')
})
