import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { assistantIds, assistants } from '../../agents/assistants/index.ts'
import { reach, ways, type Standing, type Way } from '../../agents/assistants/reach.ts'
import { clientSettings } from '../../agents/client/index.ts'
import { shimSettings } from '../../agents/mcp/settings.ts'
import { metricRows, settingRows } from '../../hub/index.ts'
import { closeCodes, errors, limits, methods, openrpcDocument } from '../../protocol/index.ts'

/** A file of the repository that is made from code, in whole or between marks. */
export interface Generated {
  readonly path: URL
  readonly content: string
}

const root = new URL('../../', import.meta.url)

/** What every generated file should hold now. `npm run docs` writes it, and a test compares it. */
export function generatedFiles(): Generated[] {
  const protocol = new URL('protocol/PROTOCOL.md', root)
  const readme = new URL('README.md', root)
  const agents = new URL('agents/README.md', root)
  const hub = new URL('hub/README.md', root)
  return [
    { path: new URL('protocol/openrpc.json', root), content: `${JSON.stringify(openrpcDocument(), null, 2)}\n` },
    {
      path: protocol,
      content: withSections(readFileSync(protocol, 'utf8'), {
        parameters: parameterTable(),
        errors: errorTable(),
        'close-codes': closeCodeTable(),
        limits: limitTable(),
      }),
    },
    { path: readme, content: withSections(readFileSync(readme, 'utf8'), { settings: settingTable() }) },
    { path: hub, content: withSections(readFileSync(hub, 'utf8'), { metrics: metricTable() }) },
    { path: agents, content: withSections(readFileSync(agents, 'utf8'), { reach: reachTable() }) },
  ]
}

function withSections(text: string, sections: Record<string, string>): string {
  return Object.entries(sections).reduce((whole, [name, body]) => {
    const marks = new RegExp(`(<!-- ${name}:begin -->\n)[^]*?(<!-- ${name}:end -->)`)
    if (!marks.test(whole)) throw new Error(`the marks of "${name}" are missing`)
    return whole.replace(marks, (_all, begin: string, end: string) => `${begin}\n${body}\n\n${end}`)
  }, text)
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|')))
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)))
  const lines = cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`)
  return lines.join('\n')
}

type JsonSchema = z.core.JSONSchema.BaseSchema

function parameterTable(): string {
  const rows = Object.entries(methods).flatMap(([method, { params }]) => {
    const schema: JsonSchema = z.toJSONSchema(params, { io: 'input' })
    return Object.entries(schema.properties ?? {}).map(([name, value]) => {
      const inner = value as JsonSchema
      const fallback = 'default' in inner ? JSON.stringify(inner.default) : 'optional'
      return [`\`${method}\``, `\`${name}\``, typeOf(inner), schema.required?.includes(name) ? 'required' : fallback]
    })
  })
  return table(['method', 'parameter', 'type', 'if left out'], rows)
}

/** A schema in a few words; openrpc.json has all of it. */
function typeOf(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (schema.type === 'integer') return `whole number${range(schema.minimum, schema.maximum)}`
  if (schema.type === 'array') return `list of ${typeOf(schema.items as JsonSchema)}`
  if (schema.type === 'string') {
    return schema.maxLength === undefined ? 'text' : `text of at most ${schema.maxLength} characters`
  }
  if (schema.type !== 'object') return String(schema.type)
  const fields = Object.entries(schema.properties ?? {})
  if (fields.length === 0) return 'object'
  return `object: ${fields.map(([name, field]) => `\`${name}\` (${typeOf(field as JsonSchema)})`).join(', ')}`
}

function range(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined) return ''
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
  return bounded ? ` from ${minimum} to ${maximum}` : ` from ${minimum}`
}

function errorTable(): string {
  return table(
    ['reason', 'code', 'temporary', 'meaning', 'next'],
    Object.entries(errors).map(([reason, { code, temporary, message, next }]) => [
      `\`${reason}\``,
      code,
      temporary ? 'yes' : 'no',
      message,
      next,
    ]),
  )
}

function closeCodeTable(): string {
  return table(
    ['code', 'reason', 'meaning'],
    Object.entries(closeCodes).map(([reason, { code, meaning }]) => [code, `\`${reason}\``, meaning]),
  )
}

function limitTable(): string {
  return table(
    ['limit', 'value'],
    Object.entries(limits).map(([name, value]) => [`\`${name}\``, value]),
  )
}

function settingTable(): string {
  const shared = new Set(Object.values(settingRows).flatMap(({ env }) => env))
  const hub = Object.values(settingRows).map(({ env, shown, meaning }) => [code(env), shown, meaning])
  const client = [...clientSettings, ...Object.values(shimSettings)]
    .filter(({ env }) => !env.some((name) => shared.has(name)))
    .map(({ env, shown, meaning }) => [code(env), shown, meaning])
  return table(['variable', 'default', 'meaning'], [...client, ...hub])
}

function metricTable(): string {
  const rows = metricRows.map(({ name, type, unit, labels, meaning }) => {
    const shown = labels.length === 0 ? `\`${name}\`` : `\`${name}{${labels.join(',')}}\``
    return [shown, type, unit, meaning]
  })
  return table(['metric', 'type', 'unit', 'meaning'], rows)
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(' or ')
}

/** Assistant by way: what is proven, by which test, and what is not. */
function reachTable(): string {
  const columns = Object.keys(ways) as Way[]
  const rows = assistantIds.map((id) => [assistants[id].title, ...columns.map((way) => standingText(reach[id][way]))])
  return table(['assistant', ...Object.values(ways)], rows)
}

function standingText(standing: Standing): string {
  const by = 'by' in standing ? `: ${standing.by}` : ''
  switch (standing.kind) {
    case 'proven':
      return `[proven](../test/assistants/${standing.test}.test.ts)${by}`
    case 'documented':
      return `documented, not proven here${by}`
    case 'avoided':
      return standing.why
    case 'impossible':
      return 'not possible'
  }
}
