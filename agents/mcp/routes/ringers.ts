import type { AssistantId } from '../../assistants/index.ts'
import { wakerIds, wakers, type WakerId } from '../../assistants/reach.ts'
import type { Ringer } from './ringer.ts'

/** What the bell can ring for an assistant, best first; for one that nobody knows, whatever is there. */
export function ringersOf(
  assistant: AssistantId | undefined,
  parts: { readonly wakers: Readonly<Record<WakerId, Ringer>>; readonly besides: readonly Ringer[] },
): readonly Ringer[] {
  const ids = assistant === undefined ? wakerIds : wakers[assistant]
  return [...ids.map((id) => parts.wakers[id]), ...parts.besides]
}
