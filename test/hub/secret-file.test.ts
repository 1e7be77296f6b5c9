import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings, SettingError, settingsWith, startHub } from '../../hub/index.ts'
import { startTestHub } from '../support/hub.ts'
import { temporaryFolder } from '../support/teardown.ts'
import { secretOf, WirePeer } from '../support/wire.ts'

function secretFile(content: string): string {
  const file = join(temporaryFolder(), 'secret')
  writeFileSync(file, content)
  return file
}

const secret = 'a secret from a file, long enough'

/** Why a hub with these settings does not start. */
async function refusal(changes: Parameters<typeof settingsWith>[0]): Promise<string> {
  const settings = settingsWith({ port: 0, home: temporaryFolder(), ...changes })
  const error: unknown = await startHub({ settings }).then(
    (hub) => hub.close(),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(SettingError)
  return (error as SettingError).message
}

test('the secret in the file is in force, without the line end that editors add', async () => {
  const hub = await startTestHub(
    readSettings({
      BELLHOP_SECRET_FILE: secretFile(`${secret}\n`),
      BELLHOP_PORT: '0',
      BELLHOP_HOME: temporaryFolder(),
    }),
  )
  await new WirePeer(hub.url).hello(secret)
  // Programs of the same user find it in the home, as always.
  expect(secretOf(hub.home.folder)).toBe(secret)
})

test('a hub that others can reach takes the secret of the file', async () => {
  const short = secretFile('short')
  expect(await refusal({ host: '0.0.0.0', secretFile: short })).toContain('BELLHOP_SECRET_FILE (16 characters or more)')
  await startTestHub({ host: '0.0.0.0', secretFile: secretFile(secret) })
})

test('a file that is not there, an empty one, and two secrets are refused in words', async () => {
  expect(await refusal({ secretFile: '/nowhere/secret' })).toMatch(
    /^BELLHOP_SECRET_FILE cannot be read: ENOENT.*'\/nowhere\/secret'\. Name a file .* may read\.$/,
  )
  const empty = secretFile('\n')
  expect(await refusal({ secretFile: empty })).toContain(`${empty}, which is empty`)
  const both = await refusal({ secret, secretFile: secretFile(secret) })
  expect(both).toContain('both set')
  expect(both).not.toContain(secret)
})
