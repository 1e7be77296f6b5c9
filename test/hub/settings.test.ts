import { expect, test } from 'vitest'
import { describeSettings, readSettings, settingRows, settingsWith } from '../../hub/index.ts'
import { flags } from '../../hub/settings.ts'

test('without an environment, every setting is its default', () => {
  expect(readSettings({})).toEqual(settingsWith())
  expect(readSettings({ BELLHOP_PORT: '' }).port).toBe(9870)
})

test('values come in the units that people write', () => {
  const settings = readSettings({ BELLHOP_PING_SECONDS: '2.5', BELLHOP_FORWARD_MINUTES: '3', BELLHOP_UNREAD_DAYS: '2' })
  expect(settings).toMatchObject({ pingEvery: 2_500, forwardFor: 180_000, ttl: 2 * 24 * 3_600_000 })
  expect(readSettings({ BELLHOP_ALLOWED_HOSTS: 'a.example, b.example,' }).allowedHosts).toEqual([
    'a.example',
    'b.example',
  ])
  expect(readSettings({ BELLHOP_OPEN: 'yes' }).open).toBe(true)
})

test('the older project’s variable for the secret works, and ours wins', () => {
  const older = { IPC_SHARED_SECRET: 'an older secret, long enough' }
  expect(readSettings(older).secret).toBe('an older secret, long enough')
  expect(readSettings({ ...older, BELLHOP_SECRET: 'a new secret, long enough' }).secret).toBe(
    'a new secret, long enough',
  )
})

test.each([
  ['BELLHOP_PORT', '70000', 'BELLHOP_PORT (--port) must be a whole number from 0 to 65535.'],
  ['BELLHOP_PORT', 'x', 'BELLHOP_PORT (--port) must be a whole number from 0 to 65535.'],
  ['BELLHOP_PORT', '1.5', 'BELLHOP_PORT (--port) must be a whole number from 0 to 65535.'],
  ['BELLHOP_OPEN', 'maybe', 'BELLHOP_OPEN (--open) must be yes or no.'],
  ['BELLHOP_LOG', 'loud', 'BELLHOP_LOG (--log) must be fatal, error, warn, info, debug or silent.'],
])('%s=%s is refused in words', (variable, value, message) => {
  expect(() => readSettings({ [variable]: value })).toThrow(message)
})

test('the help names every variable, and the secret has no flag', () => {
  for (const { env, meaning } of Object.values(settingRows)) {
    expect(describeSettings()).toContain(env[0])
    expect(describeSettings()).toContain(meaning)
  }
  expect(flags()).toContainEqual({ flag: 'ping-seconds', variable: 'BELLHOP_PING_SECONDS' })
  expect(flags().map(({ variable }) => variable)).not.toContain('BELLHOP_SECRET')
})
