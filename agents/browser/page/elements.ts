/** The element of the page with this id. Throws where page and script do not fit together. */
export function byId<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${kind.name} called "${id}"`)
}

/** A new element that holds a text, as text: what a peer wrote never becomes markup. */
export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  className: string,
  text = '',
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag)
  made.className = className
  made.textContent = text
  return made
}

export function button(text: string, pressed: () => void): HTMLButtonElement {
  const made = element('button', '', text)
  made.type = 'button'
  made.addEventListener('click', pressed)
  return made
}

/** A point in time for its reader, in the reader's own way to write it. */
export function timeElement(iso: string): HTMLTimeElement {
  const at = new Date(iso)
  const made = element('time', '', at.toLocaleString())
  made.dateTime = iso
  return made
}
