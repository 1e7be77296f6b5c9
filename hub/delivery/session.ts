import type { AgentName, AutoCheck, CloseReason, Route, TopicName } from '../../protocol/index.ts'
import type { AgentId } from '../ledger/ledger.ts'
import type { Flow } from './flow.ts'

/** What others may do to the connection behind a session. */
export interface SessionLine {
  /** Writes one frame; a line that is closed swallows it. */
  write(frame: string): void
  close(reason: CloseReason): void
  /** Whether the peer still answers. */
  probe(): Promise<boolean>
}

/** A registered agent that is online. */
export interface Session {
  readonly agent: AgentId
  readonly line: SessionLine
  readonly flow: Flow
  readonly topics: Set<TopicName>
  readonly presence: boolean
  readonly tokenHash: string
  /** Milliseconds since 1970. */
  readonly since: number
  expiresAt: number
  name: AgentName
  routes: readonly Route[]
  autoCheck: AutoCheck
}
