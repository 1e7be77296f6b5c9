import { z } from 'zod'
import { limits } from './limits.ts'

const word = `[A-Za-z0-9_-]{1,${limits.nameLength}}`

/** Who a participant is. Case is kept, and ignored when names are compared [P-7]. */
export const AgentName = z
  .string()
  .regex(new RegExp(`^${word}$`), `must be 1 to ${limits.nameLength} letters, digits, "-" or "_", for example "rose-2"`)
  .brand<'AgentName'>()
export type AgentName = z.infer<typeof AgentName>

/** A topic: a name behind `#`. */
export const TopicName = z
  .string()
  .regex(
    new RegExp(`^#${word}$`),
    `must be "#" and 1 to ${limits.nameLength} letters, digits, "-" or "_", for example "#frontend"`,
  )
  .brand<'TopicName'>()
export type TopicName = z.infer<typeof TopicName>

/** Where a message goes: a name or a topic. */
export const Address = z
  .string()
  .regex(
    new RegExp(`^#?${word}$`),
    `must be a name of 1 to ${limits.nameLength} letters, digits, "-" or "_", or a topic with "#" before it`,
  )
  .brand<'Address'>()
export type Address = z.infer<typeof Address>

/** The topic of everyone who is registered: a broadcast is a message to it. */
export const everyone = '#all' as TopicName

/** The sender of notices. Nobody can register it. */
export const hubName = 'bellhop' as AgentName

/** Names that would mislead a reader or swallow a broadcast, in lower case. */
export const reservedNames: readonly string[] = [hubName, 'hub', 'all', 'everyone', 'everybody']

export function isTopic(address: Address | AgentName | TopicName): boolean {
  return address.startsWith('#')
}

/** The form in which names are compared [P-7]. */
export function nameKey(name: string): string {
  return name.toLowerCase()
}
