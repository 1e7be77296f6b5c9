import { z } from 'zod'
import { limits } from './limits.ts'

/** Structured data beside a text: a JSON object, bounded in bytes and in depth. */
export const Data = z.record(z.string(), z.unknown()).refine((data) => isShallow(data, limits.dataDepth), {
  message: `must not be nested deeper than ${limits.dataDepth} levels`,
})
export type Data = z.infer<typeof Data>

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (levels === 0) return false
  return Object.values(value).every((inner) => isShallow(inner, levels - 1))
}
