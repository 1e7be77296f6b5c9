import type { CliContext } from './command.ts'

/** What a program gets with --json: one document on stdout. */
export function writeJson({ terminal }: CliContext, value: object): void {
  terminal.write(`${JSON.stringify(value, null, 2)}\n`)
}
