import { isIP } from 'node:net'
import { z } from 'zod'

/** Any text but none. */
export const text = z.string().min(1)
/** Words, separated by commas. */
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)
/** Addresses of IPv4 or IPv6, separated by commas. */
export const addresses = list.refine((parts) => parts.every((part) => isIP(part) !== 0), {
  error: 'must be addresses such as 192.0.2.7, separated by commas',
})
const yesNo = { yes: ['1', 'true', 'yes'], no: ['0', 'false', 'no'] } as const
/** Yes or no, in the words that people use. */
export const flag = z
  .enum([...yesNo.yes, ...yesNo.no], { error: 'must be yes or no' })
  .transform((value) => value === '1' || value === 'true' || value === 'yes')
const numberFrom = (min: number, max: number, kind: string): z.ZodCoercedNumber => {
  const error = `must be ${kind} from ${min} to ${max}`
  return z.coerce.number({ error }).min(min, { error }).max(max, { error })
}
/** A whole number between two, both allowed. */
export const count = (min: number, max: number): z.ZodCoercedNumber => {
  const kind = 'a whole number'
  return numberFrom(min, max, kind).int({ error: `must be ${kind} from ${min} to ${max}` })
}
/** A number between two, both allowed. */
export const amount = (min: number, max: number): z.ZodCoercedNumber => numberFrom(min, max, 'a number')
