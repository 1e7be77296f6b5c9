/** Who a process of the correspondence is, and whom it writes to. */
export interface Part {
  readonly agent: string
  /** How many lives this agent had before. */
  readonly life: number
  /** Writers write to readers without a pause; readers answer some of it. Both show all that they get. */
  readonly role: 'writer' | 'reader'
  readonly writers: readonly string[]
  readonly readers: readonly string[]
}

/** What a process is told, a line each on its standard input. Its end means that nobody wants it any more. */
export type Order =
  /** Everybody is there: writers begin. */
  | 'write'
  /** Write no more, and say `quiet` when everything is answered. */
  | 'quiet'
  /** Show everything that waits, have it confirmed, and end. */
  | 'finish'

/** What a process says of itself, beside the events: it has its name and its topics; it writes no more. */
export type Word = 'ready' | 'quiet'

/** The topic that all readers have joined. */
export const news = '#news'
/** Everybody who is registered. */
export const everybody = '#all'
