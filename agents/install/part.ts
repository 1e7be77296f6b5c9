/** Names of members from the root of a document on. */
export type Path = readonly string[]

/** What Bellhop puts into one file. A missing file is an empty text. All functions may throw `TextProblem`. */
export interface Part {
  /** The text with ours in it and up to date: the same text where nothing needs to change. */
  add(text: string): string
  /** What `add` makes only to hold ours: members that were not there. */
  made(text: string): readonly Path[]
  /** The text without ours, and without what was made to hold it and is empty now. Foreign things stay. */
  cut(text: string, made: readonly Path[]): string
  /** Whether nobody would miss a file that holds only this. */
  isBare(text: string): boolean
}

/** Several parts of one file as one. */
export function combine(parts: readonly Part[]): Part {
  return {
    add: (text) => parts.reduce((result, part) => part.add(result), text),
    made(text) {
      const made: Path[] = []
      parts.reduce((result, part) => {
        made.push(...part.made(result))
        return part.add(result)
      }, text)
      return made
    },
    cut: (text, made) => parts.reduceRight((result, part) => part.cut(result, made), text),
    isBare: (text) => parts.every((part) => part.isBare(text)),
  }
}
