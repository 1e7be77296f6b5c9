import type { Tool as ToolDefinition } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import type { ShimContext, ToolCall } from './context.ts'
import { invalidInput, problemText } from './input-problems.ts'
import { refused, type Outcome } from './outcome.ts'
import { envelope } from './result.ts'

/** Refuses fields that it does not know: a model would believe that they had been heeded. */
type Fields = z.ZodObject<z.core.$ZodLooseShape, z.core.$strict>

export interface ToolSpec<Input extends Fields, Output extends z.ZodObject> {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly annotations: {
    readonly readOnlyHint: boolean
    readonly destructiveHint: boolean
    readonly idempotentHint: boolean
    readonly openWorldHint: boolean
  }
  readonly input: Input
  readonly output: Output
  /** Offered to the model from the start, where an assistant (Claude Code) would else look tools up first. */
  readonly essential?: true
  /** By which route its result shows mail. */
  readonly route?: 'wait' | 'tool_result'
  /** May throw `ClientError`: the caller turns it into a refusal. */
  run(input: z.output<Input>, context: ShimContext, call: ToolCall): Promise<Outcome<z.input<Output>>>
}

/** A row of the table: its types are closed over, so that all rows look alike. */
export interface Tool {
  readonly name: string
  readonly route: 'wait' | 'tool_result'
  definition(): ToolDefinition
  run(args: unknown, context: ShimContext, call: ToolCall): Promise<Outcome<Record<string, unknown>>>
}

export function defineTool<Input extends Fields, Output extends z.ZodObject>(spec: ToolSpec<Input, Output>): Tool {
  return {
    name: spec.name,
    route: spec.route ?? 'tool_result',
    definition: () => ({
      name: spec.name,
      title: spec.title,
      description: spec.description,
      annotations: { title: spec.title, ...spec.annotations },
      ...(spec.essential && { _meta: { 'anthropic/alwaysLoad': true } }),
      inputSchema: z.toJSONSchema(spec.input, { io: 'input' }) as ToolDefinition['inputSchema'],
      outputSchema: z.toJSONSchema(envelope(spec.output)) as ToolDefinition['outputSchema'],
    }),
    async run(args, context, call) {
      const input = spec.input.safeParse(args ?? {}, { error: problemText })
      if (input.success) return await spec.run(input.data, context, call)
      return refused(invalidInput(spec.name, Object.keys(spec.input.shape), input.error))
    },
  }
}
