import type { z } from 'zod'
import type { Refusal } from './refusal.ts'
import { count } from '../wording/words.ts'

type Problem = Parameters<z.core.$ZodErrorMap>[0]

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  record: 'a JSON object',
  object: 'a JSON object',
  array: 'a list',
}

/** What is wrong with a field, as the end of a sentence that begins with its name; undefined: zod's own words. */
export function problemText(problem: Problem): string | undefined {
  switch (problem.code) {
    case 'invalid_type':
      return problem.input === undefined ? 'is missing' : `must be ${kinds[problem.expected] ?? problem.expected}`
    case 'invalid_value':
      return problem.input === undefined ? 'is missing' : `must be one of ${problem.values.map(String).join(', ')}`
    case 'too_small':
      if (problem.origin !== 'string') return `must be at least ${problem.minimum}`
      return problem.minimum === 1
        ? 'must not be empty'
        : `must have at least ${count(Number(problem.minimum), 'character')}`
    case 'too_big':
      if (problem.origin !== 'string') return `must be at most ${problem.maximum}`
      return `must have at most ${count(Number(problem.maximum), 'character')}`
    case 'unrecognized_keys':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return undefined
  }
}

/** Names each field that is wrong, and the fields that there are where one is unknown. */
export function invalidInput(tool: string, fields: readonly string[], error: z.ZodError): Refusal {
  const problems = error.issues.slice(0, 8).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.slice(0, 8).map((key) => `${quote(key)} is not a field of it`)
    return `${quote(issue.path.join('.'))} ${issue.message}`
  })
  const isUnknown = error.issues.some(({ code }) => code === 'unrecognized_keys')
  const known = fields.length === 0 ? `${tool} has no fields.` : `The fields of ${tool}: ${fields.join(', ')}.`
  return {
    reason: 'invalid_input',
    message: `The input of ${tool} is not valid: ${problems.join('; ')}.${isUnknown ? ` ${known}` : ''}`,
    next: `Correct ${problems.length === 1 ? 'that field' : 'those fields'} and call ${tool} again.`,
  }
}

/** A key may be anything, and as long as anything. */
function quote(field: string): string {
  return JSON.stringify(field.slice(0, 60))
}
