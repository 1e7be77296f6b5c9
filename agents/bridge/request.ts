import { z } from 'zod'
import { Data } from '../../protocol/index.ts'

/** Longest piece of a request that an answer repeats, in characters. */
const repeated = 64

const token = z.string().max(256).optional()
const Body = z.object({ content: z.string().default(''), data: Data.nullish() })

/** The older project's requests. Who the caller says it is, is compared with its session and never believed. */
const requests = {
  register: z.object({
    action: z.literal('register'),
    instance_id: z.string(),
    auth_token: z.string().nullish(),
    /** Not of the older project: whoever holds the session may register again at once. */
    session_token: token,
  }),
  send: z.object({
    action: z.literal('send'),
    session_token: token,
    from_id: z.string().nullish(),
    to_id: z.string(),
    message: Body,
  }),
  broadcast: z.object({
    action: z.literal('broadcast'),
    session_token: token,
    from_id: z.string().nullish(),
    message: Body,
  }),
  check: z.object({ action: z.literal('check'), session_token: token, instance_id: z.string().nullish() }),
  list: z.object({ action: z.literal('list'), session_token: token }),
  rename: z.object({
    action: z.literal('rename'),
    session_token: token,
    old_id: z.string().nullish(),
    new_id: z.string(),
  }),
} as const

export type ActionName = keyof typeof requests
export type OldRequest<A extends ActionName> = z.output<(typeof requests)[A]>
export type OldBody = z.output<typeof Body>

const Named = z.object({ action: z.string() })

/** A request whose fields are what they should be, or what is wrong with it and what to do. */
export type Reading =
  | { readonly kind: 'request'; readonly request: OldRequest<ActionName> }
  | { readonly kind: 'unfit'; readonly why: string }

export function readRequest(value: unknown): Reading {
  const named = Named.safeParse(value)
  if (!named.success) return unfit(`The request has no "action". Use one of ${actionNames}.`)
  const { action } = named.data
  if (!Object.hasOwn(requests, action)) {
    return unfit(`Unknown action: ${action.slice(0, repeated)}. Use one of ${actionNames}.`)
  }
  const parsed = requests[action as ActionName].safeParse(value)
  if (parsed.success) return { kind: 'request', request: parsed.data }
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.').slice(0, repeated) ?? ''
  return unfit(
    `The field "${field}" of ${action} does not fit: ${issue?.message ?? 'unknown'}. Correct it and send again.`,
  )
}

const actionNames = Object.keys(requests).join(', ')

function unfit(why: string): Reading {
  return { kind: 'unfit', why }
}
