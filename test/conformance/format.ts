import { z } from 'zod'

/** A rule of the specification. */
const Rule = z.string().regex(/^P-\d+$/)
const Rules = z.array(Rule).min(1)
/** JSON in which placeholders and matchers stand; `resolve` and `match` know them. */
const Json = z.json()
export type Json = z.infer<typeof Json>

const On = { on: z.string().optional() }
const Params = z.record(z.string(), Json)
/** What an answer must look like: one of the two. */
const Answered = { result: Json.optional(), error: Json.optional() }
const Headers = z.record(z.string(), Json)
const Upgrade = { headers: Headers.optional(), protocol: z.string().nullable().optional() }

/** What goes over a connection as it stands. */
const frameSteps = [
  z.strictObject({ frame: Json, ...On }),
  z.strictObject({ text: Json, ...On }),
  z.strictObject({ binary: Json, ...On }),
  z.strictObject({ cut: z.literal(true), ...On }),
  z.strictObject({ none: z.string(), ...On }),
] as const

export const HubStep = z.union([
  ...frameSteps,
  z.strictObject({ connect: z.string(), pong: z.boolean().optional(), ...Upgrade }),
  z.strictObject({ refused: z.int(), ...Upgrade }),
  z.strictObject({ greet: z.string() }),
  z.strictObject({ enter: z.string(), name: z.string(), params: Params.optional(), attached: Json.optional() }),
  z.strictObject({ ask: z.string(), params: Params.optional(), times: z.int().optional(), ...Answered, ...On }),
  z.strictObject({ post: z.string(), params: Params.optional(), as: z.string(), ...On }),
  z.strictObject({ answer: z.string(), ...Answered, ...On }),
  z.strictObject({ expect: Json, ...On }),
  z.strictObject({ closed: Json, ...On }),
  z.strictObject({ close: z.int(), ...On }),
  z.strictObject({
    http: z.string(),
    path: Json,
    headers: Headers.optional(),
    body: Json.optional(),
    status: z.int(),
    json: Json.optional(),
    text: Json.optional(),
  }),
])
export type HubStep = z.infer<typeof HubStep>

export const ClientStep = z.union([
  ...frameSteps,
  z.strictObject({ tell: z.string(), params: Params.optional(), as: z.string() }),
  z.strictObject({ told: z.string(), ...Answered }),
  z.strictObject({ event: z.string(), params: Json }),
  z.strictObject({ accept: z.string(), notBeforeMs: z.int().optional() }),
  z.strictObject({ greet: z.string(), notBeforeMs: z.int().optional() }),
  z.strictObject({ enter: z.string(), name: z.string(), attached: Params.optional() }),
  z.strictObject({ expect: Json, as: z.string().optional(), ...On }),
  z.strictObject({ answer: z.string(), ...Answered }),
  z.strictObject({ close: z.int(), reason: z.string().optional(), ...On }),
  z.strictObject({ closed: z.literal(true), ...On }),
  z.strictObject({ settle: z.literal(true), ...On }),
])
export type ClientStep = z.infer<typeof ClientStep>

const about = {
  name: z.string().min(1),
  rules: Rules,
  /** Methods of notifications or events, or methods of requests, that may come without being named. */
  ignore: z.array(z.string()).default([]),
}

export const HubConversation = z.strictObject({
  ...about,
  /** Settings, as environment variables, that the hub must run with. */
  needs: z.record(z.string(), z.string()).default({}),
  steps: z.array(HubStep).min(1),
})
export type HubConversation = z.infer<typeof HubConversation>

export const ClientConversation = z.strictObject({
  ...about,
  start: Params.default({}),
  steps: z.array(ClientStep).min(1),
})
export type ClientConversation = z.infer<typeof ClientConversation>

const definitions = { about: z.string().min(1), define: Params.default({}) }
export const HubFile = z.strictObject({ ...definitions, conversations: z.array(HubConversation).min(1) })
export const ClientFile = z.strictObject({ ...definitions, conversations: z.array(ClientConversation).min(1) })

/** A frame as an object, or its text where it is no such object. */
const written = { frame: Json.optional(), text: Json.optional() }

/** A frame from a client. `accept`: method and parameters with their defaults; `reject`: what the error says. */
export const RequestVector = z.strictObject({
  name: z.string().min(1),
  rules: Rules,
  ...written,
  accept: z.strictObject({ id: z.int(), method: z.string(), params: Json }).optional(),
  reject: z.strictObject({ id: z.int().nullable(), code: z.int(), reason: z.string() }).optional(),
})
export type RequestVector = z.infer<typeof RequestVector>

/** A frame from a hub. `event`: what the program is told; `ignored`: nothing, and all goes on. */
export const NotificationVector = z.strictObject({
  name: z.string().min(1),
  rules: Rules,
  ...written,
  event: z.strictObject({ event: z.string(), params: Json }).optional(),
  ignored: z.literal(true).optional(),
})
export type NotificationVector = z.infer<typeof NotificationVector>

/** An answer of the hub to a command of the driver. The id is put in by the kit. */
export const AnswerVector = z.strictObject({
  name: z.string().min(1),
  rules: Rules,
  method: z.string(),
  params: Params,
  answer: Params,
  ...Answered,
})
export type AnswerVector = z.infer<typeof AnswerVector>

const vectorsOf = <T extends z.ZodType>(vector: T) =>
  z.strictObject({ about: z.string().min(1), define: Params.default({}), vectors: z.array(vector).min(1) })
export const RequestFile = vectorsOf(RequestVector)
export const NotificationFile = vectorsOf(NotificationVector)
export const AnswerFile = vectorsOf(AnswerVector)

/** A value that a driver is asked for. */
export const ValueVector = z.strictObject({
  name: z.string().min(1),
  rules: Rules,
  method: z.enum(['proof', 'validName', 'mayReconnect']),
  params: Params,
  result: Json,
})
export type ValueVector = z.infer<typeof ValueVector>
export const ValueFile = vectorsOf(ValueVector)

/** What no vector covers, each with its reason. */
export const UncoveredFile = z.strictObject({
  about: z.string(),
  methods: z.record(z.string(), z.string()),
  errors: z.record(z.string(), z.string()),
  closeCodes: z.record(z.string(), z.string()),
  rules: z.record(z.string(), z.string()),
})
