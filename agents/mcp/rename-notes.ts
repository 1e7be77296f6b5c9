import { nameKey, type NotificationParams } from '../../protocol/index.ts'

/** Notes kept for the next tool result; older ones go first. */
const notesKept = 20

/** Renames as one-line notes that the next tool result says once. */
export class RenameNotes {
  #notes: string[] = []
  readonly #ownDoing = new Set<string>()

  /** The tool `rename` tells its own result: no note about this one. */
  expect(name: string): void {
    this.#ownDoing.add(nameKey(name))
  }

  unexpect(name: string): void {
    this.#ownDoing.delete(nameKey(name))
  }

  renamed({ previous, name, forwardsUntil }: NotificationParams<'renamed'>, ownName: string | undefined): void {
    if (this.#ownDoing.delete(nameKey(name))) return
    const own = ownName !== undefined && [nameKey(previous), nameKey(name)].includes(nameKey(ownName))
    const note = own
      ? `You are now called "${name}" on Bellhop; before, you were "${previous}", which forwards to you until ${forwardsUntil}.`
      : `"${previous}" is now called "${name}": use that name from now on (the old one forwards until ${forwardsUntil}).`
    this.#notes = [...this.#notes, note].slice(-notesKept)
  }

  /** Hands the notes over; `putBack` undoes it where nobody saw them. */
  take(): { readonly notes: readonly string[]; readonly putBack: () => void } {
    const notes = this.#notes
    this.#notes = []
    return { notes, putBack: () => (this.#notes = [...notes, ...this.#notes].slice(-notesKept)) }
  }
}
