import { limits } from '../../protocol/index.ts'

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' })
/** Characters (and bytes) of a text that a summary looks at: segmenting all of it would cost for nothing. */
export const summaryNeeds = 4_000

/** The first two sentences of a large body, cut at a fixed length: what stands in its message. */
export function summarize(text: string): string {
  const flat = text.slice(0, summaryNeeds).replaceAll(/\s+/g, ' ').trim()
  const parts = [...sentences.segment(flat)].map(({ segment }) => segment.trim()).filter(Boolean)
  const two = parts.slice(0, 2).join(' ')
  const complete = two.length === flat.length && text.length <= summaryNeeds
  if (two.length <= limits.summaryLength) return complete ? two : `${two} …`
  // By code points, so that no character is cut in half.
  return `${Array.from(two)
    .slice(0, limits.summaryLength - 2)
    .join('')} …`
}
