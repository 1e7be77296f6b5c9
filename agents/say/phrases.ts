import { mailPhrases } from './mail-phrases.ts'
import { ownPhrases } from './own-phrases.ts'
import type { Row } from './phrase.ts'

/** All phrases. The first form that fits decides, so exact ones stand before broad ones. */
export const table: readonly Row[] = [...ownPhrases, ...mailPhrases]
