import type { Body } from './body.ts'
import { correctionsOf } from './typos.ts'

/** A command that stands in the text of another. */
export interface SecondCommand {
  /** The text of the first, up to what joins them. */
  readonly before: string
  /** To the end of its line. */
  readonly command: string
}

/** Lines in which a command is looked for. A longer text is a document. */
const mostLines = 200
/** Characters in which "and tell …" is looked for: who gives two commands in one line is brief. */
const joinedLength = 400
/** Characters of a line in which its verb stands. */
const openingLength = 60
/** Words before the verb: "please", "could you". */
const mostWordsBefore = 4
/** Places that are read as a command, at most: reading is what costs. */
const mostReadings = 8

const joint = /(?:[,;.!?]+\s+|\s(?:and|then|but|also|plus|&|[-–—])\s+)(?:(?:and|then|but|also|plus|&),?\s+)*/gi
const lineBreak = /\r?\n\s*(?:(?:and|then|but|also),?\s+)*/gi

/** How commands begin. "My name is rose" and "call me rose" are as well said to others, so they are not here. */
const verbs: ReadonlySet<string> = new Set(
  (
    'tell msg message dm text ping ask notify inform alert remind send say write post leave drop let reply respond answer ' +
    'broadcast announce forward fwd pass relay check read show list register rename start stop enable disable turn msgs'
  ).split(' '),
)

/**
 * Finds a second command in what would be the text of the first: on a line of its own or, where no colon
 * says that all of the line is text, behind "and", "then" or a sign. In quotes nothing is a command.
 */
export function findSecondCommand(
  { text, isFirm, isQuoted }: Body,
  isCommand: (typed: string) => boolean,
): SecondCommand | undefined {
  if (isQuoted) return undefined
  const joined = isFirm ? [] : [...text.slice(0, joinedLength).matchAll(joint)].map((each) => placeBehind(each, false))
  const lines = lineBreaks(text).map((each) => placeBehind(each, true))
  const found = [...joined, ...lines]
    .sort((a, b) => a.from - b.from)
    .map(({ index, from, isOnOwnLine }) => ({
      before: text.slice(0, index).trim(),
      command: lineFrom(text, from),
      isOnOwnLine,
    }))
    .filter(({ before, command, isOnOwnLine }) => before !== '' && opensCommand(command, isOnOwnLine))
  return found.slice(0, mostReadings).find(({ command }) => isCommand(command))
}

function lineBreaks(text: string): RegExpExecArray[] {
  const found: RegExpExecArray[] = []
  for (const each of text.matchAll(lineBreak)) {
    found.push(each)
    if (found.length === mostLines) break
  }
  return found
}

function placeBehind({ 0: raw, index }: RegExpExecArray, isOnOwnLine: boolean) {
  return { index, from: index + raw.length, isOnOwnLine }
}

function lineFrom(text: string, from: number): string {
  const end = text.indexOf('\n', from)
  return text.slice(from, end < 0 ? undefined : end).trim()
}

/** One word alone, "check", is one of the text. So is a question, unless it has a line of its own: "who's online?". */
function opensCommand(line: string, isOnOwnLine: boolean): boolean {
  const words =
    line
      .slice(0, openingLength)
      .toLowerCase()
      .match(/[\w'’-]+/g) ?? []
  if (words.length < 2) return words[0] === 'msgs'
  if (isOnOwnLine && line.endsWith('?')) return true
  return words.slice(0, mostWordsBefore).some((word) => [word, ...correctionsOf(word)].some((each) => verbs.has(each)))
}
