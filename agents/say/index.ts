/** Plain language: what people type, understood without a language model. */
export { describe } from './description.ts'
export { understand } from './understand.ts'
export type { Understanding } from './understanding.ts'
