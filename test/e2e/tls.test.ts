import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { User } from '../agents/cli/user.ts'
import { packageFolder, requirePython, runPython } from '../agents/python/python.ts'
import { Assistant } from '../support/assistant.ts'
import { Authority } from '../support/certificates.ts'
import { startHubChild } from '../support/hub-child.ts'
import { temporaryFolder } from '../support/teardown.ts'

const secret = 'a secret that crosses no wire, long enough'

/** A hub that speaks TLS, and what its users need to know. */
async function startSecureHub(context: TestContext, dates: { from?: number; until?: number } = {}, name = 'localhost') {
  const authority = Authority.make(context)
  const files = authority.issue(name, dates)
  const hub = await startHubChild({
    BELLHOP_HOME: temporaryFolder(),
    BELLHOP_PORT: '0',
    BELLHOP_SECRET: secret,
    BELLHOP_TLS_CERT: files.cert,
    BELLHOP_TLS_KEY: files.key,
  })
  expect(hub.url).toMatch(/^wss:/)
  const url = `wss://localhost:${new URL(hub.url).port}`
  return { url, authority: authority.cert, env: { BELLHOP_URL: url, BELLHOP_SECRET: secret } }
}

test('shims, the command line and Python converse over wss:// with a hub whose authority they were told', async (context) => {
  const python = requirePython(context)
  const { authority, env } = await startSecureHub(context)
  const trusting = { ...env, NODE_EXTRA_CA_CERTS: authority }

  const rose = await Assistant.start('claude-code', { BELLHOP_HOME: temporaryFolder(), ...trusting })
  onTestFinished(() => rose.stop())
  await rose.call('register', { name: 'rose' })

  const barney = new User(trusting)
  const sent = await barney.types('bellhop send rose "Said at a shell." --as barney')
  expect(sent).toMatchObject({ code: 0, problem: '' })
  expect((await rose.call('check')).text).toContain('Said at a shell.')
  expect((await barney.types('bellhop status')).output).toContain(`The hub runs at ${env.BELLHOP_URL}`)

  const program = `
import bellhop
with bellhop.Client("claude") as client:
    client.send("rose", "Said in Python. " + "x" * 300_000)
`
  const run = await runPython({
    python,
    arguments: ['-c', program],
    env: { ...env, PYTHONPATH: packageFolder, BELLHOP_HOME: temporaryFolder(), SSL_CERT_FILE: authority },
  })
  expect(run).toEqual({ code: 0, output: '' })
  const { text } = await rose.call('check')
  const [, path = ''] = /"([^"]+\/mail\/[^"]+)"/.exec(text) ?? []
  expect(readFileSync(path, 'utf8')).toContain(`Said in Python. ${'x'.repeat(300_000)}`)
})

const certificates = [
  [
    'one of an authority that it was not told',
    {},
    'localhost',
    false,
    'nobody whom this program trusts',
    'NODE_EXTRA_CA_CERTS',
  ],
  ['one that has ended', { from: -20, until: -10 }, 'localhost', true, 'not valid now', 'Renew it'],
  ['one for another name', {}, 'hub.example', true, 'for another name', 'BELLHOP_URL'],
] as const

test.for(certificates)(
  'the command line says what is wrong with a certificate: %s',
  async ([, dates, name, trusts, problem, next], context) => {
    const { authority, env } = await startSecureHub(context, dates, name)
    const user = new User({ ...env, ...(trusts && { NODE_EXTRA_CA_CERTS: authority }) })
    const { code, problem: said } = await user.types('bellhop list')
    expect(said).toContain(problem)
    expect(said).toContain(next)
    expect(code).not.toBe(0)
  },
)

test('Python says what is wrong with a certificate, and how to trust it', async (context) => {
  const python = requirePython(context)
  const { env } = await startSecureHub(context)
  const program = `
import bellhop
try:
    with bellhop.Client("claude") as client:
        pass
except bellhop.BellhopError as error:
    print(error.message, error.next)
`
  const run = await runPython({
    python,
    arguments: ['-c', program],
    env: { ...env, PYTHONPATH: packageFolder, BELLHOP_HOME: temporaryFolder() },
  })
  expect(run.output).toContain('its certificate was signed by nobody whom this program trusts')
  expect(run.output).toContain('SSL_CERT_FILE')
})
