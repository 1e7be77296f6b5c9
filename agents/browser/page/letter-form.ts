import type { Message } from '../../../protocol/index.ts'
import { byId, element } from './elements.ts'

/** What a person wrote, and to whom. */
export interface Letter {
  readonly to: string
  readonly text: string
  /** The message that it answers. */
  readonly answers: Message | undefined
}

/** The form in which messages are written. */
export class LetterForm {
  readonly #form = byId('letter', HTMLFormElement)
  readonly #to = byId('to', HTMLInputElement)
  readonly #everyone = byId('everyone', HTMLInputElement)
  readonly #text = byId('text', HTMLTextAreaElement)
  readonly #answering = byId('answering', HTMLElement)
  #answers: Message | undefined

  constructor() {
    this.#everyone.addEventListener('change', () => (this.#to.disabled = this.#everyone.checked))
    byId('no-answer', HTMLButtonElement).addEventListener('click', () => this.#answer(undefined))
    this.#text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#form.requestSubmit()
    })
  }

  /** `send` resolves with false where nothing was sent for certain: then the text comes back, to be sent again. */
  onSend(send: (letter: Letter) => Promise<boolean>): void {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      const to = this.#everyone.checked ? '#all' : this.#to.value.trim()
      const letter = { to, text: this.#text.value, answers: this.#answers }
      this.#text.value = ''
      this.#answer(undefined)
      void this.#deliver(letter, send)
    })
  }

  /** The next message answers this one. */
  answer(message: Message): void {
    this.#everyone.checked = false
    this.#to.disabled = false
    this.#to.value = message.from
    this.#answer(message)
    this.#text.focus()
  }

  suggest(names: readonly string[]): void {
    const options = names.map((name) => {
      const option = element('option', '')
      option.value = name
      return option
    })
    byId('names', HTMLDataListElement).replaceChildren(...options)
  }

  focus(): void {
    this.#to.focus()
  }

  async #deliver(letter: Letter, send: (letter: Letter) => Promise<boolean>): Promise<void> {
    const wasSent = await send(letter)
    if (!wasSent && this.#text.value === '') this.#text.value = letter.text
  }

  #answer(message: Message | undefined): void {
    this.#answers = message
    this.#answering.hidden = message === undefined
    byId('answering-whom', HTMLElement).textContent = message ? `Answering ${message.from}.` : ''
  }
}
