import { expect, test } from 'vitest'
import { done, idleTool, openSession, wakingWays } from './claude-code-setup.ts'
import { fencedTexts } from './sightings.ts'

test.for(wakingWays)(
  'a busy and an idle Claude Code in one folder get their own mail each, with $title',
  async ({ setUp }, context) => {
    const scene = await setUp(context, { named: false })
    const { rose, model } = scene
    const ofBusy = (body: string): boolean => body.includes('Work for long.')
    let finishWork = (): void => undefined
    const workFinished = new Promise<void>((resolve) => (finishWork = resolve))
    model.answer = async ({ body }) => {
      if (!ofBusy(body) || body.includes('tool_result')) return done
      await workFinished
      return idleTool
    }
    const busy = await openSession(context, scene, { named: 'busy', route: 'wake' })
    await openSession(context, scene, { named: 'idle', route: 'wake' })
    await busy.submit('Work for long.')
    await model.until(ofBusy)

    const forBusy = await rose.send('busy', 'for the busy one')
    const forIdle = await rose.send('idle', 'for the idle one')
    await model.until((body) => fencedTexts(body).includes('for the idle one'))
    finishWork()
    await model.until((body) => fencedTexts(body).includes('for the busy one'))

    const seen = (own: boolean): string[][] => model.requests.filter((body) => ofBusy(body) === own).map(fencedTexts)
    expect(seen(true)).toEqual([[], ['for the busy one']])
    expect(seen(false)).toEqual([['for the idle one']])
    const shown = { state: 'shown', route: 'hook' }
    expect(await rose.untilShown(forBusy)).toMatchObject([{ state: 'queued' }, shown])
    expect(await rose.untilShown(forIdle)).toMatchObject([
      { state: 'queued' },
      { state: 'offered', route: 'wake' },
      shown,
    ])
  },
)
