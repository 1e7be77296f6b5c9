import { extname } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/** A command line of this very Bellhop, as it can be pasted: a checkout has no program on the path. */
export function ownCommand(words: string): string {
  const program = fileURLToPath(new URL(`../cli/main${extname(import.meta.url)}`, import.meta.url))
  return `\`"${process.execPath}" "${program}" ${words}\``
}
