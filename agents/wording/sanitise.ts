import { stripVTControlCharacters } from 'node:util'

/** Everything below a space and DEL to C1, but for the line break and the tab. */
const controls = /[^\P{Cc}\n\t]/gu
/** Reorder what a reader sees: overrides, isolates and marks. */
const bidirectional = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu
/** Invisible copies of ASCII, which a model reads and a person does not see. */
const tags = /[\u{E0000}-\u{E007F}]/gu

/**
 * A peer's text without what could deceive a terminal or a reader [S-8]: escape sequences, control
 * characters, reordering marks and invisible text. Line breaks of every kind become `\n`.
 */
export function sanitise(text: string): string {
  return stripVTControlCharacters(text.replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n'))
    .replaceAll(controls, '')
    .replaceAll(bidirectional, '')
    .replaceAll(tags, '')
    .toWellFormed()
}

/** A peer's short text (thread, file name) for a header: in quotes, on one line. */
export function quoted(text: string): string {
  return JSON.stringify(sanitise(text).replaceAll('\n', ' '))
}
