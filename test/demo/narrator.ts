import { styleText } from 'node:util'

type Colour = 'cyan' | 'magenta' | 'yellow' | 'green' | 'dim'

/** Who speaks in which colour. `styleText` leaves colours out where the output is no terminal. */
const colours: Readonly<Record<string, Colour>> = { rose: 'magenta', claude: 'cyan', hub: 'yellow' }

/** Tells a person what happens, as it happens. */
export class Narrator {
  readonly #out: NodeJS.WriteStream
  #step = 0

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  title(text: string): void {
    this.#line(paint('bold', text, this.#out))
  }

  step(text: string): void {
    this.#step += 1
    this.#line(`\n${paint('bold', `${this.#step}. ${text}`, this.#out)}`)
  }

  /** Somebody does something, in the words of the tool call. */
  does(who: string, what: string): void {
    this.#line(`   ${this.#name(who)} ${what}`)
  }

  /** What somebody was answered or shown. */
  sees(who: string, what: string): void {
    for (const line of what.split('\n')) {
      this.#line(`   ${this.#name(who)} ${paint(colours[who] ?? 'dim', `│ ${line}`, this.#out)}`)
    }
  }

  proves(what: string): void {
    this.#line(`   ${paint('green', '✓', this.#out)} ${what}`)
  }

  #name(who: string): string {
    return paint(colours[who] ?? 'dim', who.padEnd(7), this.#out)
  }

  #line(text: string): void {
    this.#out.write(`${text}\n`)
  }
}

function paint(format: Parameters<typeof styleText>[0], text: string, stream: NodeJS.WriteStream): string {
  return styleText(format, text, { stream })
}
