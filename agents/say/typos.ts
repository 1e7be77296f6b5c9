import { distance } from 'fastest-levenshtein'

/** Words of commands that may be mistyped. Words that only join the others are not among them: nor are names and texts. */
const commandWords: readonly string[] = (
  'msgs message messages tell send text ping notify inform broadcast announce reply respond forward ' +
  'check checking inbox unread instances agents assistants active online connected available list show ' +
  'register instance called name rename change myself yourself ' +
  'auto-check auto-checking autocheck autochecking automatic automatically start stop enable disable status ' +
  'interval every minutes please could would'
).split(' ')

/** Words that stand for themselves, however close they are to one of a command. */
const otherWords: ReadonlySet<string> = new Set(
  (
    'massage passage messaged messy tall till toll tea tech sed seed sand test next tex texas pin pig pine pink ' +
    'replay rely relay repay reapply toward foreword forwards cheek chick chuck checked cheeks chess box index ' +
    'instants instant agent agency agenda reactive inactive inline outline offline on-line ' +
    'resister unregister deregister reregister registry registrar registered renamed renaming rebase lit lift last lost lisp shown snow slow shop step ' +
    'star stars stare stark smart starts started stat stats statue state states stoop top able unable enabled disabled ' +
    'minute minus intervals internal never ever very lease pleased pleases cloud mould world wood cold gold ' +
    'named games same lame came chance charge challenge calling caller cabled unknown assistant responds ' +
    'names connect connects inform informs performs uniform announced sent spend bend lend mend tend end'
  ).split(' '),
)

/** Words that are left short on purpose. */
const shortForms: ReadonlyMap<string, string> = new Map([['chk', 'check']])

/** Below this many letters a word is not corrected at all. */
const shortest = 3
const longest = 16

/** The words of commands that a mistyped one may have meant. */
export function correctionsOf(typed: string): readonly string[] {
  if (typed.length < shortest || typed.length > longest || otherWords.has(typed)) return []
  const meant = shortForms.get(typed)
  if (meant !== undefined) return [meant]
  return commandWords.includes(typed) ? [] : commandWords.filter((word) => isSlip(typed, word))
}

function isSlip(typed: string, word: string): boolean {
  // "tells", "sending", "checked" are words of their own.
  if (typed.startsWith(word)) return typed.at(-1) === word.at(-1) && typed.length === word.length + 1
  if (isSwap(typed, word)) return true
  // A short word has many neighbours that mean something else: one letter left out or typed twice, no more.
  if (word.length <= 4) return typed[0] === word[0] && (isWithout(word, typed) || isWithout(typed, word, true))
  return Math.abs(typed.length - word.length) <= 2 && distance(typed, word) <= (word.length >= 8 ? 2 : 1)
}

/** Whether two neighbours changed places. */
function isSwap(typed: string, word: string): boolean {
  if (typed.length !== word.length) return false
  const at = word.split('').findIndex((letter, index) => letter !== typed[index])
  return typed[at] === word[at + 1] && typed[at + 1] === word[at] && typed.slice(at + 2) === word.slice(at + 2)
}

/** Whether `short` is `long` without one letter; `doubled`: one that stands beside its like. */
function isWithout(long: string, short: string, doubled = false): boolean {
  return long
    .split('')
    .some((letter, at) => long.slice(0, at) + long.slice(at + 1) === short && (!doubled || long[at + 1] === letter))
}
