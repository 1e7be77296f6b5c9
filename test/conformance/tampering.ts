/** A frame as a planted fault sees it. */
export interface LooseFrame {
  id?: number
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: Record<string, unknown>
}

/** Both ways from where a fault sits: `on` the way that the frame was going, or `back` to where it came from. */
export interface Ways {
  on(frame: LooseFrame): void
  back(frame: LooseFrame): void
  /** Cuts the connection. */
  cut(): void
}

/** A fault between two programs that are right. What a part does not handle passes as it was. */
export interface Tampering {
  /** A frame from the client. */
  readonly fromClient?: (frame: LooseFrame, ways: Ways) => void
  /** A frame from the hub. */
  readonly fromHub?: (frame: LooseFrame, ways: Ways) => void
  /** The close code that the hub gave. */
  readonly closeCode?: (code: number) => number
}

/** A fault for a test: what is done, and which conversation must notice what. */
export interface Planted<T extends Tampering> {
  /** Makes the fault, with a memory of its own. */
  readonly tamper: (secret: string) => T
  /** The title of a conversation or vector that must fail. */
  readonly title: string
  /** What its report must say. */
  readonly problem: RegExp
}

/** Passes every frame on, but those that `change` gives something else for. */
export function changing(change: (frame: LooseFrame) => LooseFrame | undefined) {
  return (frame: LooseFrame, ways: Ways): void => ways.on(change(frame) ?? frame)
}

/** A frame with other parameters. */
export function withParams(frame: LooseFrame, params: object): LooseFrame {
  return { ...frame, params: { ...frame.params, ...params } }
}

/** A frame with another result. */
export function withResult(frame: LooseFrame, result: object): LooseFrame {
  return { ...frame, result: { ...frame.result, ...result } }
}
