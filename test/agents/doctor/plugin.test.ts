import { join } from 'node:path'
import { expect, test } from 'vitest'
import { examineAssistants } from '../../../agents/doctor/index.ts'
import { Rig } from '../install/rig.ts'

const withPlugin = JSON.stringify({ enabledPlugins: { 'other@place': true, 'bellhop@some-market': true } })

function settingsOf(rig: Rig): string {
  return rig.pathOf('claude-code', 'hooks')
}

/** What the doctor says of a machine whose only program is Claude Code. */
function examine(rig: Rig) {
  return examineAssistants(rig.machine, (name) => name === 'claude')
}

const asPlugin = { standing: 'good', topic: 'assistant', text: 'Claude Code has Bellhop as a plugin' }
const twice = {
  standing: 'bad',
  topic: 'assistant',
  text: 'Claude Code has Bellhop twice: as a plugin and by its files.',
  fix: 'bellhop uninstall claude-code',
}

test('a plugin alone is all that is needed', () => {
  const rig = new Rig()
  rig.put(settingsOf(rig), withPlugin)
  expect(examine(rig)).toEqual([asPlugin])
  expect(examineAssistants(rig.machine, () => false)).toEqual([asPlugin])
})

test('its settings are looked for in the folder that was chosen', () => {
  const elsewhere = new Rig().machine.userFolder
  const rig = new Rig({ env: { CLAUDE_CONFIG_DIR: elsewhere } })
  rig.put(join(elsewhere, 'settings.json'), withPlugin)
  expect(examine(rig)).toEqual([asPlugin])
})

test.each(['', ' --hooks'])(
  'a plugin beside "install claude-code%s" is one too many, until that is undone',
  async (words) => {
    const rig = new Rig()
    rig.put(settingsOf(rig), withPlugin)
    await rig.bellhop(`install claude-code --yes --no-verify${words}`)
    expect(examine(rig)).toEqual([twice])
    expect(await rig.bellhop('uninstall claude-code --yes')).toMatchObject({ code: 0 })
    expect(examine(rig)).toEqual([asPlugin])
  },
)

test('hooks alone beside a plugin are one too many as well', async () => {
  const rig = new Rig()
  rig.put(settingsOf(rig), withPlugin)
  await rig.bellhop('install claude-code --yes --no-verify --hooks')
  rig.put(rig.pathOf('claude-code', 'registration'), '{}')
  expect(examine(rig)).toEqual([twice])
})

test.each([
  ['switched off', '{"enabledPlugins":{"bellhop@some-market":false}}'],
  ['another', '{"enabledPlugins":{"bellhopper@some-market":true,"my-bellhop@x":true}}'],
  ['no plugins', '{}'],
  ['nothing that is known', '{"enabledPlugins":null}'],
  ['a broken file', '{"enabledPlugins":'],
])('%s: no plugin, and the advice to install', (_, settings) => {
  const rig = new Rig()
  rig.put(settingsOf(rig), settings)
  expect(examine(rig)).toEqual([
    {
      standing: 'notice',
      topic: 'assistant',
      text: 'Claude Code does not know Bellhop.',
      fix: 'bellhop install claude-code --hooks',
    },
  ])
})
