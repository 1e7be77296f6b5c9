import { limits } from '../../protocol/index.ts'
import { size } from '../wording/words.ts'
import { Problem } from './problem.ts'
import type { Terminal } from './terminal.ts'

/** Stands for stdin, where a text is expected. */
const fromStdin = '-'

/** The text of a message: the words of the command line, or all of stdin in place of a single "-". Throws `Problem`. */
export async function readText(words: readonly string[], terminal: Terminal): Promise<string> {
  const text = words.length === 1 && words[0] === fromStdin ? await readStdin(terminal) : words.join(' ')
  if (text.trim() === '') {
    throw wrongUse('The text is empty, so nothing was sent.', 'Give a text, or "-" and the text on stdin.')
  }
  return text
}

async function readStdin(terminal: Terminal): Promise<string> {
  try {
    const text = await terminal.read(limits.blobBytes)
    // What a pipe ends with is not what somebody wanted to say.
    return text.replace(/\r?\n$/, '')
  } catch (error) {
    throw wrongUse(
      `stdin could not be taken (${error instanceof Error ? error.message : String(error)}). Nothing was sent.`,
      `A text is UTF-8 and has at most ${size(limits.blobBytes)}. Anything else is a file: bellhop share-file.`,
    )
  }
}

/** An option that is a whole number. Throws `Problem`. */
export function readCount(option: string, value: string, min: number, max: number): number {
  const count = Number(value)
  if (Number.isInteger(count) && count >= min && count <= max) return count
  throw wrongUse(`"${value}" does not fit ${option}.`, `Give a whole number from ${min} to ${max}.`)
}

export function wrongUse(message: string, next: string): Problem {
  return new Problem({ ending: 'usage', reason: 'usage', message, next: `${next} See --help.` })
}
