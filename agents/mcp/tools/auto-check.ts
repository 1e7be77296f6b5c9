import { z } from 'zod'
import { limits, type AutoCheck } from '../../../protocol/index.ts'
import type { ShimContext } from '../context.ts'
import { inputs } from '../inputs.ts'
import { notRegistered } from '../refusal.ts'
import { defineTool, done, refused } from '../tool.ts'
import { count, moment } from '../words.ts'

export const autoCheck = defineTool({
  name: 'auto_check',
  title: 'Auto-check',
  description:
    'Whether the bell rings for new mail: start (at once; with minutes, a digest once in so many minutes), stop, or status. Urgent mail ignores the interval, low mail never rings.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    action: z
      .enum(['start', 'stop', 'status'])
      .optional()
      .describe('Left out: start where minutes are given, otherwise status.'),
    minutes: inputs
      .int(0, limits.autoCheckMinutesMax)
      .optional()
      .describe('With start: minutes between digests, 1 to 60. Left out or 0: at once.'),
  }),
  output: z.object({
    enabled: z.boolean(),
    minutes: z.int().describe('0: at once.'),
    lastAt: z.string().optional(),
    nextAt: z.string().optional(),
    routes: z.string().describe('How mail reaches this assistant now.'),
  }),
  async run({ minutes, action = minutes === undefined ? 'status' : 'start' }, context, { signal }) {
    const { client, bell } = context
    switch (action) {
      case 'start':
        await store({ enabled: true, minutes: minutes ?? 0 })
        break
      case 'stop':
        await store({ enabled: false, minutes: 0 })
        break
      case 'status':
        if (!client.registration) return refused(notRegistered)
    }
    return report(context)

    async function store(wanted: AutoCheck): Promise<void> {
      const stored = await client.request('configure', { autoCheck: wanted }, { signal })
      bell.configure(stored.autoCheck)
    }
  },
})

function report({ bell, clock }: ShimContext) {
  const { autoCheck, lastAt, nextAt } = bell.status()
  const times = {
    ...(lastAt !== undefined && { lastAt: new Date(lastAt).toISOString() }),
    ...(nextAt !== undefined && { nextAt: new Date(nextAt).toISOString() }),
  }
  const routes =
    'Unread mail comes with the result of any Bellhop tool, and at once while wait is blocked. The bell itself is an MCP notification to programs that subscribe to bellhop://inbox; an idle assistant is not woken by it.'
  const text = [
    settingText(autoCheck),
    routes,
    times.lastAt
      ? `Last notification: ${moment(times.lastAt, clock.now())}.`
      : 'No notification has been sent in this session so far.',
    times.nextAt && `Next notification, if there is new mail: ${moment(times.nextAt, clock.now())}.`,
  ]
  return done(text.filter(Boolean).join('\n'), { ...autoCheck, ...times, routes })
}

function settingText({ enabled, minutes }: AutoCheck): string {
  if (!enabled) return 'Auto-check is off. auto_check {"action":"start"} turns it on.'
  return minutes === 0
    ? 'Auto-check is on, at once, for programs that listen to the bell; it does not wake you while you are idle.'
    : `Auto-check is on, once in ${count(minutes, 'minute')} (urgent mail: at once), for programs that listen to the bell; it does not wake you while you are idle.`
}
