import { existsSync, readFileSync } from 'node:fs'
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
  expect(rotated.output).toMatch(
    /let in until \S+ \(in 2 hours\), and nobody was disconnected; "bellhop rotate-secret --end" ends that now/,
  )
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
  await rose.types('bellhop up')
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

test('with no grace, it says that who came in with a former secret has to come back', async () => {
  const rose = new User()
  await rose.types('bellhop up')
  const { code, output } = await rose.types('bellhop rotate-secret --grace 0')
  expect(code).toBe(0)
  expect(output).toContain('was asked to come back')
  expect(output).not.toContain('nobody was disconnected')
})

test('a former secret in the environment of the hub is said to let in still: only a restart ends it', async () => {
  const rose = new User({ BELLHOP_SECRET_FORMER: 'a former secret, in the environment' })
  await rose.types('bellhop up')
  const still = 'BELLHOP_SECRET_FORMER, in the environment of the hub, is still let in: restart the hub without it'
  for (const line of ['bellhop rotate-secret --end', 'bellhop rotate-secret --grace 0']) {
    const { code, output } = await rose.types(line)
    expect(code).toBe(0)
    expect(output).toContain(still)
    expect(output).not.toContain('only the one in force')
  }
})

test.each(['--end --grace 3', '--end --grace 24', '--end --stdin'])('%s is wrong use', async (options) => {
  const rose = new User()
  await rose.types('bellhop up')
  const old = secretOf(rose)
  const { code, problem } = await rose.types(`echo 'a secret, long enough' | bellhop rotate-secret ${options}`)
  expect(code).toBe(2)
  expect(problem).toContain('neither --grace nor --stdin goes with it')
  expect(secretOf(rose)).toBe(old)
})

test.each(['', '--end'])('where no hub runs, none is started: rotate-secret %s', async (options) => {
  const rose = new User()
  const { code, problem } = await rose.types(`bellhop rotate-secret ${options}`)
  expect(code).toBe(6)
  expect(problem).toContain('Start it with its settings, then run this again')
  for (const file of ['hub.json', 'secret']) expect(existsSync(join(rose.home, file))).toBe(false)
})
