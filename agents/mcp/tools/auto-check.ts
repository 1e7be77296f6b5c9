import { z } from 'zod'
import { limits, Route, type AutoCheck } from '../../../protocol/index.ts'
import type { ShimContext } from '../context.ts'
import { inputs } from '../inputs.ts'
import { notRegistered } from '../refusal.ts'
import { routeStandings, standingText, type RouteStanding } from '../standing.ts'
import { done, refused } from '../outcome.ts'
import { defineTool } from '../tool.ts'
import { count, moment } from '../../wording/words.ts'

export const autoCheck = defineTool({
  name: 'auto_check',
  title: 'Auto-check',
  description:
    'Whether new mail is shown and announced by itself: start (at once; with minutes, a digest once in so many minutes), stop, or status, which also says by which routes mail reaches you. Urgent mail ignores the interval, low mail never interrupts.',
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
    lastAt: z.string().optional().describe('When mail was last announced, or shown without being asked for.'),
    nextAt: z.string().optional().describe('The end of the present interval.'),
    routes: z
      .array(z.object({ route: Route, open: z.boolean(), provenAt: z.string().optional(), note: z.string() }))
      .describe('How mail reaches this assistant now, best first.'),
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

function report(context: ShimContext) {
  const { bell, clock } = context
  const now = clock.now()
  const { autoCheck, lastAt, nextAt } = bell.status()
  const times = {
    ...(lastAt !== undefined && { lastAt: new Date(lastAt).toISOString() }),
    ...(nextAt !== undefined && { nextAt: new Date(nextAt).toISOString() }),
  }
  const routes = routeStandings(context)
  const text = [
    settingText(autoCheck, routes),
    times.lastAt ? `Last time: ${moment(times.lastAt, now)}.` : 'It has announced nothing in this session so far.',
    times.nextAt && `Next time, if there is new mail: ${moment(times.nextAt, now)}.`,
    'How mail reaches you:',
    ...routes.map((route) => standingText(route, now)),
  ]
  return done(text.filter((line) => line !== undefined).join('\n'), { ...autoCheck, ...times, routes })
}

function settingText({ enabled, minutes }: AutoCheck, routes: readonly RouteStanding[]): string {
  if (!enabled) {
    return 'Auto-check is off: mail, urgent mail too, is shown when you use a Bellhop tool, and nothing announces it. auto_check {"action":"start"} turns it on.'
  }
  if (!routes.some(({ route, open }) => open && ['wake', 'channel', 'hook'].includes(route))) {
    const rhythm = minutes === 0 ? 'at once' : `once in ${count(minutes, 'minute')}`
    return `Auto-check is on (${rhythm}), but nothing in this session can announce mail now: it is shown with the result of your next Bellhop tool, and in a blocked wait.`
  }
  return minutes === 0
    ? 'Auto-check is on: mail is announced and shown at once.'
    : `Auto-check is on: mail is collected, and announced and shown once in ${count(minutes, 'minute')} (urgent mail: at once).`
}
