/** The version of this software; the same as in package.json. */
export const softwareVersion = '0.1.0'

/** The WebSocket subprotocol, and the label in every proof. It changes when an old client would misread a new hub. */
export const protocolName = 'bellhop.v1'

/**
 * One line for each revision, newest last. A revision adds; it never changes the meaning of a field.
 * The test of the same name holds the hash against the schemas, so that no change goes unrecorded.
 */
export const revisions = [
  { revision: 1, hash: '72b624ff647ca52c', change: 'the first' },
  { revision: 2, hash: '6b5d6429c3e82683', change: "the outlook of a send tells the recipient's auto-check" },
] as const satisfies readonly {
  revision: number
  hash: string
  change: string
}[]

export const revision: number = revisions[revisions.length - 1]!.revision
