import { z } from 'zod'
import { closeCodes } from './close-codes.ts'
import { errors } from './errors.ts'
import { methods } from './methods.ts'
import { notifications } from './notifications.ts'
import { protocolName } from './version.ts'

/** The wire as an OpenRPC document, made from the schemas. `npm run docs` writes it to openrpc.json. */
export function openrpcDocument(): object {
  return {
    openrpc: '1.3.2',
    info: {
      title: 'Bellhop',
      version: protocolName,
      description: 'JSON-RPC 2.0 in WebSocket text frames. The rules are in PROTOCOL.md.',
    },
    methods: Object.entries(methods).map(([name, { summary, params, result }]) => ({
      name,
      summary,
      paramStructure: 'by-name',
      params: byName(z.toJSONSchema(params, { io: 'input' })),
      result: { name: `${name}Result`, schema: z.toJSONSchema(result) },
      errors: [{ $ref: '#/components/errors' }],
    })),
    'x-notifications': Object.entries(notifications).map(([name, { summary, params }]) => ({
      name,
      summary,
      params: byName(z.toJSONSchema(params)),
    })),
    'x-close-codes': closeCodes,
    components: { errors },
  }
}

type ObjectSchema = z.core.JSONSchema.BaseSchema

/** OpenRPC wants one content descriptor for each named parameter. */
function byName(schema: ObjectSchema): object[] {
  const required = new Set(schema.required)
  return Object.entries(schema.properties ?? {}).map(([name, inner]) => ({
    name,
    required: required.has(name),
    schema: inner,
  }))
}
