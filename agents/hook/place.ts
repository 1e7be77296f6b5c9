/** Where a hook looks for its shim. */
export interface Place {
  readonly home: string
  readonly ancestors: readonly number[]
}
