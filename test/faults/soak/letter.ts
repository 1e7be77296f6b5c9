/** One message of a stream, which is what one writer sends to one address: numbered from 1 on, without a gap. */
export interface Letter {
  readonly stream: string
  readonly number: number
}

const beginning = /^(\S+) (\d+)\. /

/** A body of so many bytes. Its first sentence is the letter, so that the summary of a large one has it too. */
export function writeLetter({ stream, number }: Letter, bytes: number): string {
  return `${stream} ${number}. `.padEnd(bytes, 'x')
}

/** Throws for what `writeLetter` did not write. */
export function readLetter(content: string): Letter {
  const [, stream, number] = beginning.exec(content) ?? []
  if (stream === undefined) throw new Error(`nobody wrote ${content.slice(0, 80)}`)
  return { stream, number: Number(number) }
}
