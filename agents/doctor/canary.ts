import { nanoid } from 'nanoid'
import type { Client } from '../client/client.ts'
import type { Clock } from '../client/clock.ts'
import { limits, type NotificationParams, type Outlook } from '../../protocol/index.ts'

const text =
  'A canary of "bellhop doctor": it only wants to be seen. There is nothing to do, and its sender is gone: do not answer.'

export type CanaryStep = NotificationParams<'receipt'>

export interface CanaryResult {
  readonly name: string
  readonly outlook: Outlook
  /** How long it waits to be seen. */
  readonly ttlSeconds: number
  /** Every step that it took after it was stored, in order. */
  readonly steps: readonly CanaryStep[]
  /** The step that shows that it was seen; undefined where it was not, in time. */
  readonly shown: CanaryStep | undefined
  readonly ms: number
}

/**
 * Sends a canary to an agent, and watches what becomes of it, at most for so many milliseconds. The name
 * that it is sent from is given up again. Rejects with `ClientError`.
 */
export async function sendCanary(
  client: Client,
  { to, ms, clock, onStep }: { to: string; ms: number; clock: Clock; onStep: (step: CanaryStep) => void },
): Promise<CanaryResult> {
  await client.register({ name: `doctor-${nanoid(6)}` })
  const steps: CanaryStep[] = []
  const shown = Promise.withResolvers<CanaryStep | undefined>()
  const ids = new Set<string>()
  const watch = (step: CanaryStep): void => {
    // The receipt may come before the answer to the sending.
    if (ids.size > 0 && !ids.has(step.id)) return
    steps.push(step)
    onStep(step)
    if (step.state === 'shown' || step.state === 'answered') shown.resolve(step)
  }
  client.on('receipt', watch)
  const startedAt = clock.now()
  const cancel = clock.after(ms, () => shown.resolve(undefined))
  try {
    // The shortest that the hub allows: nobody wants to read an old canary.
    const ttlSeconds = Math.max(limits.ttlSecondsMin, Math.ceil(ms / 1000))
    const { id, outlook } = await client.send({ to, content: text, ttlSeconds })
    ids.add(id)
    const isNobody = outlook.kind === 'unregistered'
    const end = isNobody ? undefined : await shown.promise
    return { name: outlook.name, outlook, ttlSeconds, steps, shown: end, ms: clock.now() - startedAt }
  } finally {
    cancel()
    client.off('receipt', watch)
    await client.release().catch(() => undefined)
  }
}
