import fc from 'fast-check'
import { describe as suite, expect, test } from 'vitest'
import { describe, understand, type Understanding } from '../../../agents/say/index.ts'
import { AgentName, nameKey, reservedNames } from '../../../protocol/index.ts'

/** Names that are no words of the language, so that nothing about them is doubtful. */
const clearName = fc.stringMatching(/^[A-Za-z]{1,10}[-_][0-9]{1,4}$/)
const anyName = fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/)

/** Texts that are more than blanks, and not in quotes as a whole: those are taken off. */
const anyText = fc
  .oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.lorem(), fc.json())
  .filter((text) => text.trim() !== '' && !/^\s*["'`“‘«]/.test(text))

const words = (
  'msg message messages tell send to for about that this the a frontend team alice bob Barney @rose #frontend all everyone ' +
  'everybody bellhop reply forward it last broadcast announce check my new mail list who is online rename register me as ' +
  "name call auto checking auto-check start stop every 5 five 90 minutes on off status don't not please hey could you and or " +
  'ask let know say hello in but with whether I want would like from now : , . ? ! - — " \' “ ” ( ) \n / + @ # 🙂 zoë brodcast mesage'
).split(' ')

/** Sentences made of what commands are made of. */
const salad = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(' ', ' ', ' ', '', '  ', '\n')), { maxLength: 14 })
  .map((pieces) => pieces.flat().join(''))

const anything = fc.oneof(salad, salad, fc.string({ unit: 'binary' }), fc.string(), anyText)
const anyContext = fc.oneof(
  fc.constant({}),
  fc.record({
    names: fc.array(fc.oneof(anyName, fc.constantFrom('alice', 'bob', 'barny', '#frontend', 'all'), fc.string())),
  }),
)

function occursAsWord(name: string, sentence: string): boolean {
  return new RegExp(`(?<![\\w#-])${name}(?![\\w-])`, 'u').test(sentence)
}

function randomCase(phrase: string, upper: readonly boolean[]): string {
  return phrase
    .split('')
    .map((letter, at) => (upper[at % upper.length] ? letter.toUpperCase() : letter))
    .join('')
}

const cases = fc.array(fc.boolean(), { minLength: 1, maxLength: 9 })

suite('whatever is typed', () => {
  test('it does not throw, and names, texts and suggestions are what they have to be', () => {
    fc.assert(
      fc.property(anything, anyContext, (typed, context) => {
        const understanding = understand(typed, context)
        hold(typed, understanding)
        if (understanding.intent === 'unknown') {
          expect(understanding.suggestions.length).toBeGreaterThan(0)
          for (const phrase of understanding.suggestions) expect(understand(phrase, context).intent).not.toBe('unknown')
        }
        expect(describe(understanding)).toMatch(/^[^\n]+[.?]$/)
      }),
      { numRuns: 2000 },
    )
  })

  test('blanks around it do not matter', () => {
    const blank = fc.stringMatching(/^[ \t\n\r]{0,20}$/)
    fc.assert(
      fc.property(anything, blank, blank, (typed, before, behind) => {
        expect(understand(`${before}${typed}${behind}`)).toEqual(understand(typed))
      }),
      { numRuns: 1000 },
    )
  })

  test('a sentence that begins with a negation does nothing', () => {
    const negation = fc.constantFrom("don't", 'do not', 'never', 'you must not', 'please do not', 'I did not')
    fc.assert(
      fc.property(negation, salad, (negated, rest) => {
        expect(understand(`${negated} ${rest}`).intent).toBe('unknown')
      }),
      { numRuns: 500 },
    )
  })

  function hold(typed: string, understanding: Understanding): void {
    if ('to' in understanding) {
      expect(occursAsWord(understanding.to, typed)).toBe(true)
      expect(AgentName.safeParse(understanding.to.replace(/^#/, '')).success).toBe(true)
      expect(reservedNames).not.toContain(nameKey(understanding.to).replace('#', ''))
    }
    if ('name' in understanding) {
      expect(occursAsWord(understanding.name, typed)).toBe(true)
      expect(AgentName.safeParse(understanding.name).success).toBe(true)
      expect(reservedNames).not.toContain(nameKey(understanding.name))
    }
    if ('text' in understanding) {
      expect(understanding.text).not.toBe('')
      expect(typed).toContain(understanding.text)
    }
    if ('minutes' in understanding) expect(understanding.minutes).toBeOneOf(Array.from({ length: 61 }, (_, n) => n))
  }
})

suite('a command with any name and text', () => {
  const toOne = [
    'msg',
    'message',
    'tell',
    'dm',
    'ping',
    'text',
    'ask',
    'notify',
    'send to',
    'send a message to',
    'please tell',
  ]
  const toAll = ['broadcast', 'tell everyone', 'send to all', 'announce', 'let everyone know', 'hey bellhop, broadcast']

  test.each(toOne)('%s NAME: TEXT', (verb) => {
    fc.assert(
      fc.property(clearName, anyText, cases, fc.boolean(), (name, text, upper, isMention) => {
        const typed = `${randomCase(verb, upper)} ${isMention ? '@' : ''}${name}: ${text}`
        expect(understand(typed)).toEqual({ intent: 'send', to: name, text: text.trim() })
        // A known name changes nothing, in whatever case it is known.
        expect(understand(typed, { names: [name.toUpperCase()] })).toEqual({
          intent: 'send',
          to: name,
          text: text.trim(),
        })
      }),
    )
  })

  test.each(toAll)('%s: TEXT', (verb) => {
    fc.assert(
      fc.property(anyText, cases, (text, upper) => {
        // What points at something else is asked back.
        fc.pre(!/^\s*(?:this|that|it|these|those|them|everything|something)[.!?]*\s*$/i.test(text))
        expect(understand(`${randomCase(verb, upper)}: ${text}`)).toEqual({ intent: 'broadcast', text: text.trim() })
      }),
    )
  })

  test('reply: TEXT', () => {
    fc.assert(
      fc.property(anyText, cases, (text, upper) => {
        fc.pre(!/^\s*(?:this|that|it|these|those|them|everything|something)[.!?]*\s*$/i.test(text))
        expect(understand(`${randomCase('reply', upper)}: ${text}`)).toEqual({ intent: 'reply', text: text.trim() })
      }),
    )
  })

  test('without a sign, the text begins behind the name', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('msg', 'tell', 'message', 'ask'),
        clearName,
        fc.stringMatching(/^[xyz]{1,9}( [a-z]{1,9}){1,5}$/),
        (verb, name, text) => {
          expect(understand(`${verb} ${name} ${text}`)).toEqual({ intent: 'send', to: name, text })
        },
      ),
    )
  })

  test('names of one’s own, and of those who get the last message', () => {
    fc.assert(
      fc.property(clearName, cases, (name, upper) => {
        expect(understand(`${randomCase('register as', upper)} ${name}`)).toEqual({ intent: 'register', name })
        expect(understand(`${randomCase('please rename to', upper)} "${name}"!`)).toEqual({ intent: 'rename', name })
        expect(understand(`${randomCase('forward to', upper)} ${name}, please`)).toEqual({
          intent: 'forward',
          to: name,
        })
      }),
    )
  })

  test('any well-formed name: it is taken as it is, or asked back', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const understanding = understand(`tell ${name}: hi`)
        expect(understanding).toBeOneOf([
          { intent: 'send', to: name, text: 'hi' },
          { ...understanding, intent: 'unknown' },
        ])
      }),
    )
  })

  test('minutes from 0 to 60, and no others', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 200 }), (minutes) => {
        const understanding = understand(`start auto checking every ${minutes} minutes`)
        if (minutes >= 0 && minutes <= 60) expect(understanding).toEqual({ intent: 'auto-check-start', minutes })
        else
          expect(understanding).toMatchObject({ intent: 'unknown', question: expect.stringContaining('60') as string })
      }),
    )
  })
})
