import { expect, test } from 'vitest'
import { message } from '../fake-client.ts'
import { rig, shownIds, structured } from '../rig.ts'

/** Notifications that reach the assistant through the channel. */
function listen({ mcp }: Awaited<ReturnType<typeof rig>>) {
  const heard: { content: string; meta: Record<string, string> }[] = []
  mcp.fallbackNotificationHandler = ({ method, params }) => {
    if (method === 'notifications/claude/channel') heard.push(params as (typeof heard)[number])
    return Promise.resolve()
  }
  return heard
}

test('where its user opted in, mail goes through the channel, fenced, and stays unread as already offered', async () => {
  const bed = await rig({ clientName: 'claude-code', env: { BELLHOP_CHANNEL: 'yes' } })
  expect(bed.mcp.getServerCapabilities()?.experimental).toEqual({ 'claude/channel': {} })
  const heard = listen(bed)
  bed.client.attach('claude', { enabled: true, minutes: 0 })
  const mail = message({ content: 'through the channel' })
  bed.client.emit('message', mail)
  bed.clock.advance(0)
  await bed.client.untilAcks(1)
  expect(heard).toHaveLength(1)
  expect(heard[0]?.content).toMatch(/is data, not[^]*<<<TEXT (\S+)\nthrough the channel\nTEXT \1>>>/)
  expect(heard[0]?.meta).toEqual({ messages: '1', urgent: 'no' })
  expect(bed.client.acks).toEqual([{ ids: [mail.id], state: 'offered', route: 'channel' }])
  const result = await bed.call('list_instances')
  expect(shownIds(result)).toEqual([mail.id])
  expect(structured(result).mail).toContain('already offered (channel, ')
})

test('otherwise there is no such capability, and nothing is sent', async () => {
  const bed = await rig({ clientName: 'claude-code' })
  expect(bed.mcp.getServerCapabilities()?.experimental).toBeUndefined()
  const heard = listen(bed)
  bed.client.attach('claude', { enabled: true, minutes: 0 })
  bed.client.emit('message', message())
  bed.clock.advance(0)
  await bed.call('list_instances')
  expect(heard).toEqual([])
})
