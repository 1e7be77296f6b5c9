/** Why nothing was changed: `message` says what is in the way, `next` what to do about it. */
export class InstallProblem extends Error {
  override readonly name = 'InstallProblem'
  readonly next: string

  constructor(message: string, next: string) {
    super(message)
    this.next = next
  }
}

/** A text that cannot be edited as it is. Whoever knows its file makes an `InstallProblem` of it. */
export class TextProblem extends Error {
  override readonly name = 'TextProblem'
  /** From 1 on. */
  readonly line: number
  readonly next: string

  constructor(message: string, line: number, next = 'Mend it by hand, then run this again.') {
    super(message)
    this.line = line
    this.next = next
  }
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Somebody's own entry of our name. */
export function foreignEntry(path: string, line: number): TextProblem {
  return new TextProblem(
    `${path} is there already and is not Bellhop's`,
    line,
    'Rename or remove that entry by hand, then run this again.',
  )
}

/** Does something with the text of a file; what is wrong with the text is told with the file's path. */
export function inFile<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof TextProblem)) throw error
    throw new InstallProblem(`${path}, line ${error.line}: ${error.message}. The file was left as it is.`, error.next)
  }
}
