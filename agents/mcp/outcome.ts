import type { MessageId } from '../../protocol/index.ts'
import type { Refusal } from './refusal.ts'

/** What a tool answers: done, or an expected failure as a value. Mail is added by its caller. */
export type Outcome<T> =
  | {
      readonly kind: 'done'
      /** For the model, in words; `shown` is how many messages the result carries. */
      readonly summary: string | ((shown: number) => string)
      readonly result: T
      /** Mail that the result must carry before any other. */
      readonly first?: MessageId | undefined
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

export function done<T>(summary: string | ((shown: number) => string), result: T, first?: MessageId): Outcome<T> {
  return { kind: 'done', summary, result, first }
}

export function refused(refusal: Refusal): Outcome<never> {
  return { kind: 'refused', refusal }
}
