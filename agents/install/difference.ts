import { createTwoFilesPatch } from 'diff'
import { textOf } from './snapshot.ts'
import type { PlannedFile } from './plan.ts'

/** Lines around a change that are shown. */
const context = 3
/** Characters of a line that are shown: a whole hook with long paths, but not a file that a program wrote in one line. */
const lineLength = 2_000
const noFile = '/dev/null'

/** The change of a file as a unified diff. */
export function differenceOf({ snapshot, after }: PlannedFile): string {
  const { path, bytes } = snapshot
  const names = [bytes ? path : noFile, after ? path : noFile] as const
  const [before, next] = [textOf({ path, bytes }), after?.toString() ?? '']
  const patch = createTwoFilesPatch(...names, before, next, undefined, undefined, { context })
  return patch
    .split('\n')
    .filter((line) => !/^=+$/.test(line))
    .map(printable)
    .join('\n')
}

/** A terminal must not take a file's contents for commands. */
function printable(line: string): string {
  const text = line.replaceAll(/[^\P{Cc}\t]/gu, '')
  return text.length > lineLength
    ? `${text.slice(0, lineLength)} … (${text.length - lineLength} characters more)`
    : text
}
