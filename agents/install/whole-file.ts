import type { Part } from './part.ts'
import { TextProblem } from './problem.ts'

/** A file that is ours as a whole. */
export function wholeFile(content: string, isOwn: (text: string) => boolean): Part {
  return {
    add(text) {
      if (text === content) return text
      if (text.trim() !== '' && !isOwn(text)) {
        throw new TextProblem(
          "this file is there already and is not Bellhop's",
          1,
          'Move it away, then run this again.',
        )
      }
      return content
    },
    made: () => [],
    cut: (text) => (isOwn(text) ? '' : text),
    isBare: (text) => text.trim() === '',
  }
}
