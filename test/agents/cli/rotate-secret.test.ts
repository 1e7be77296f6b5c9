import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { User } from './user.ts'

const secretOf = ({ home }: User): string => readFileSync(join(home, 'secret'), 'utf8').trim()

test('a user rotates the secret and goes on; another one, who has the former, gets in until its grace is ended', async () => {
  const rose = new User()
  await rose.types('bellhop up')
  const old = secretOf(rose)
  const { url } = JSON.parse((await rose.types('bellhop status --json')).output) as { url: string }
  // Somebody on another machine, as far as the hub can tell.
  const remote = new User({ BELLHOP_URL: url, BELLHOP_SECRET: old })
  expect((await remote.types('bellhop list')).code).toBe(0)

  const rotated = await rose.types('bellhop rotate-secret --grace 2')
  expect(rotated).toMatchObject({ code: 0, problem: '' })
  expect(rotated.output).toMatch(/let in until \S+ \(in 2 hours\); "bellhop rotate-secret --end" ends that now/)
  expect(rotated.output).toContain(join(rose.home, 'secret'))
  expect(secretOf(rose)).not.toBe(old)
  expect(rotated.output).not.toContain(secretOf(rose))
  for (const user of [rose, remote]) expect((await user.types('bellhop list')).code).toBe(0)

  expect((await rose.types('bellhop rotate-secret --end')).output).toContain('1 former secret ended')
  expect((await rose.types('bellhop list')).code).toBe(0)
  const refused = await remote.types('bellhop list')
  expect(refused.code).not.toBe(0)
  expect(refused.problem).toContain('BELLHOP_SECRET')
  expect(JSON.parse((await rose.types('bellhop rotate-secret --end --json')).output)).toEqual({ ended: 0 })
})

test('a secret of its own comes on stdin; wrong use changes nothing', async () => {
  const rose = new User()
  const given = 'a secret from standard input'
  const json = await rose.types(`echo '${given}' | bellhop rotate-secret --stdin --grace 0 --json`)
  expect(JSON.parse(json.output)).toEqual({ file: join(rose.home, 'secret') })
  expect(secretOf(rose)).toBe(given)
  for (const [line, said] of [
    ['printf "" | bellhop rotate-secret --stdin', 'stdin holds no secret'],
    ['printf "one, long enough\\ntwo, long enough" | bellhop rotate-secret --stdin', 'stdin holds no secret'],
    ['echo short | bellhop rotate-secret --stdin', '16 characters or more'],
    ['bellhop rotate-secret --grace 1000', 'from 0 to 336'],
    ['bellhop rotate-secret --grace soon', 'from 0 to 336'],
  ] as const) {
    const { code, problem } = await rose.types(line)
    expect(code).not.toBe(0)
    expect(problem).toContain(said)
  }
  expect(secretOf(rose)).toBe(given)
})
