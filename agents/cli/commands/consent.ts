import { differenceOf, type Plan } from '../../install/index.ts'
import type { Ending } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'

export interface ConsentOptions {
  readonly yes?: true
  readonly dryRun?: true
}

/** Shows what is going to change, and asks. Undefined: go on. */
export async function askFor(
  plan: Plan,
  { yes, dryRun }: ConsentOptions,
  terminal: Terminal,
): Promise<Ending | undefined> {
  for (const file of plan.files) terminal.write(`${differenceOf(file)}\n`)
  for (const remark of plan.remarks) terminal.write(`${remark}\n`)
  if (dryRun) {
    terminal.write('Nothing was changed (--dry-run).\n')
    return 'done'
  }
  if (yes) return undefined
  if (!terminal.isInteractive) {
    terminal.complain('Nothing was changed: there is no terminal to ask at. Add --yes to go on without being asked.\n')
    return 'unasked'
  }
  const files = plan.files.length === 1 ? 'this file' : `these ${plan.files.length} files`
  if (await terminal.confirm(`Change ${files}?`)) return undefined
  terminal.write('Nothing was changed.\n')
  return 'declined'
}
