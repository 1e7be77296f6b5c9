import type { Blob as LargeBody } from '../../../protocol/index.ts'
import { size } from '../../wording/words.ts'
import { button, element } from './elements.ts'

/** Bytes of a text that is shown on the page; a larger one is saved, and opened with something better. */
const shownAtMost = 1024 * 1024

/** Milliseconds that the browser gets to begin with the saving. */
const keptMs = 60_000

/** Gets the bytes; shows by itself what goes wrong, and then gives undefined. */
export type Download = (blob: LargeBody) => Promise<Uint8Array | undefined>

/** What a person can do with a body that did not come with its message. */
export function largeBodyControls(blob: LargeBody, download: Download): HTMLElement {
  const controls = element('div', 'large')
  const isText = blob.fileName === undefined && blob.mediaType.startsWith('text/')
  const what = blob.fileName === undefined ? 'A large message' : `The file ${JSON.stringify(blob.fileName)}`
  controls.append(element('p', 'about', `${what}, ${size(blob.size)}. `))
  if (isText && blob.size <= shownAtMost) {
    const show = button('Show all of it', () => void showText(show, blob, download))
    controls.append(show, ' ')
  }
  const save = button('Save it', () => void saveFile(blob, download))
  controls.append(save)
  return controls
}

async function showText(show: HTMLButtonElement, blob: LargeBody, download: Download): Promise<void> {
  show.disabled = true
  const bytes = await download(blob)
  show.disabled = false
  if (bytes) show.replaceWith(element('pre', 'whole', new TextDecoder().decode(bytes)))
}

/** Never opened here, whatever a peer says that it is: a page of theirs would be a page of ours. */
async function saveFile(blob: LargeBody, download: Download): Promise<void> {
  const bytes = await download(blob)
  if (!bytes) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' }))
  link.download = blob.fileName ?? 'message.md'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), keptMs)
}
