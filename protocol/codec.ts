import { z } from 'zod'
import { errors, type ErrorReason, type Failure } from './errors.ts'
import type { Method, Params, ParamsInput } from './methods.ts'
import { methods } from './methods.ts'
import type { NotificationName, NotificationParams } from './notifications.ts'
import { notifications } from './notifications.ts'

/** The id of a request: a number that the client does not reuse on the connection. */
export type RequestId = number

const RequestFrame = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.int().min(0),
  method: z.string(),
  params: z.unknown().optional(),
})

/** A request as the hub sees it: parameters checked, or the failure and where to send it. */
export type DecodedRequest =
  | { readonly ok: true; readonly id: RequestId; readonly call: Call }
  | { readonly ok: false; readonly id: RequestId | null; readonly failure: Failure }

/** A method with its parameters: a union, so that a switch over `method` knows them. */
export type Call = { [M in Method]: { readonly method: M; readonly params: Params<M> } }[Method]

/** Hub side: text of a frame to a request. Never throws. */
export function decodeRequest(text: string): DecodedRequest {
  const json = parseJson(text)
  if (json === undefined) return { ok: false, id: null, failure: { reason: 'parse_error' } }
  const frame = RequestFrame.safeParse(json)
  if (!frame.success) return { ok: false, id: idOf(json), failure: { reason: 'invalid_request' } }
  const { id, method } = frame.data
  if (!isMethod(method)) return { ok: false, id, failure: { reason: 'method_not_found' } }
  const params = methods[method].params.safeParse(frame.data.params ?? {})
  if (!params.success) return { ok: false, id, failure: invalidParams(params.error) }
  return { ok: true, id, call: { method, params: params.data } as Call }
}

/** A schema's complaint as a failure that names each field. */
export function invalidParams(error: z.ZodError): Failure {
  const issues = error.issues.slice(0, 8).map((issue) => ({
    field: issue.path.join('.'),
    problem: issue.message,
  }))
  const nameField = issues.find(({ field }) => ['name', 'to', 'topic', 'with'].includes(field))
  if (nameField) {
    return { reason: 'name_invalid', message: `"${nameField.field}" ${nameField.problem}.`, details: { issues } }
  }
  const sentence = issues.map(({ field, problem }) => (field ? `${field}: ${problem}` : problem)).join('; ')
  return {
    reason: 'invalid_params',
    message: `The parameters do not fit the method: ${sentence}.`,
    details: { issues },
  }
}

export function encodeRequest<M extends Method>(id: RequestId, method: M, params: ParamsInput<M>): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params })
}

export function encodeResult(id: RequestId, result: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result })
}

export function encodeFailure(id: RequestId | null, failure: Failure): string {
  const row = errors[failure.reason]
  const data = {
    reason: failure.reason,
    temporary: row.temporary,
    next: failure.next ?? row.next,
    ...(failure.retryAfterMs !== undefined && { retryAfterMs: failure.retryAfterMs }),
    ...(failure.details && { details: failure.details }),
  }
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    error: { code: row.code, message: failure.message ?? row.message, data },
  })
}

export function encodeNotification<N extends NotificationName>(method: N, params: NotificationParams<N>): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params })
}

/** An error as it stands on the wire; a reason that this revision does not know reads as `internal`. */
export const WireError = z.object({
  code: z.int(),
  message: z.string(),
  data: z
    .object({
      reason: z.enum(Object.keys(errors) as [ErrorReason, ...ErrorReason[]]).catch('internal'),
      temporary: z.boolean(),
      next: z.string(),
      retryAfterMs: z.number().optional(),
      details: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
})
export type WireError = z.infer<typeof WireError>

/** What a client reads from the hub. `unknown` is for frames of a later revision: ignore them [P-4]. */
export type Incoming =
  | { readonly kind: 'result'; readonly id: RequestId; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: RequestId | null; readonly error: WireError }
  | IncomingNotification
  | { readonly kind: 'unknown' }

export type IncomingNotification = {
  [N in NotificationName]: { readonly kind: 'notification'; readonly method: N; readonly params: NotificationParams<N> }
}[NotificationName]

const IncomingFrame = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.int().nullish(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: WireError.optional(),
})

/** Client side: text of a frame to what it says. Never throws. */
export function decodeIncoming(text: string): Incoming {
  const frame = IncomingFrame.safeParse(parseJson(text))
  if (!frame.success) return { kind: 'unknown' }
  const { id, method, params, result, error } = frame.data
  if (method !== undefined) {
    if (!isNotification(method)) return { kind: 'unknown' }
    const checked = notifications[method].params.safeParse(params)
    if (!checked.success) return { kind: 'unknown' }
    return { kind: 'notification', method, params: checked.data } as IncomingNotification
  }
  if (error) return { kind: 'error', id: id ?? null, error }
  if (id === undefined || id === null) return { kind: 'unknown' }
  return { kind: 'result', id, result }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function idOf(json: unknown): RequestId | null {
  const id = typeof json === 'object' && json !== null && 'id' in json ? json.id : null
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : null
}

function isMethod(method: string): method is Method {
  return Object.hasOwn(methods, method)
}

function isNotification(method: string): method is NotificationName {
  return Object.hasOwn(notifications, method)
}
