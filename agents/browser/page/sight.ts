/** Shares of an element at which a look is taken: often enough for tall ones. */
const shares = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]

/**
 * Knows what a person can have seen: half of it, or as much as fills half of the window that it scrolls in,
 * on a page that is not hidden. Each element is reported once.
 */
export class Sight {
  readonly #frame: HTMLElement
  readonly #observer: IntersectionObserver
  readonly #waiting = new Map<Element, () => void>()
  readonly #inView = new Set<Element>()

  constructor(frame: HTMLElement) {
    this.#frame = frame
    this.#observer = new IntersectionObserver((entries) => this.#look(entries), { threshold: shares })
    document.addEventListener('visibilitychange', () => this.#report())
  }

  watch(element: Element, seen: () => void): void {
    this.#waiting.set(element, seen)
    this.#observer.observe(element)
  }

  forget(element: Element): void {
    this.#waiting.delete(element)
    this.#inView.delete(element)
    this.#observer.unobserve(element)
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, intersectionRatio, intersectionRect } of entries) {
      const isInView = intersectionRatio >= 0.5 || intersectionRect.height >= this.#frame.clientHeight / 2
      if (isInView && intersectionRect.height > 0) this.#inView.add(target)
      else this.#inView.delete(target)
    }
    this.#report()
  }

  #report(): void {
    if (document.visibilityState !== 'visible') return
    for (const element of this.#inView) {
      const seen = this.#waiting.get(element)
      this.forget(element)
      seen?.()
    }
  }
}
