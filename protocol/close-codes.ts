/**
 * Why a hub closes a connection [P-6]. 4000 to 4499: connect again. 4500 to 4999: do not, until
 * something has changed. The reason text of the close frame is the row's key.
 */
export const closeCodes = {
  going_away: { code: 4000, meaning: 'the hub is shutting down or restarting' },
  slow: { code: 4001, meaning: 'the client read too slowly; its mail is still in its mailbox' },
  unresponsive: { code: 4002, meaning: 'a ping was not answered in time' },
  overloaded: { code: 4003, meaning: 'the hub has as many connections as it may' },
  handshake_timeout: { code: 4004, meaning: 'no valid hello came in time' },
  storage_failed: { code: 4005, meaning: 'the hub could not read its storage' },
  bad_frame: { code: 4500, meaning: 'before hello: not a JSON-RPC request in a text frame' },
  handshake_too_large: { code: 4501, meaning: 'more bytes than a hello may take' },
  unsupported_protocol: { code: 4502, meaning: 'the client asked for a protocol that the hub does not speak' },
  authentication_failed: { code: 4503, meaning: 'the proof in hello was wrong' },
  hello_expected: { code: 4504, meaning: 'the first request was not hello' },
  taken_over: { code: 4505, meaning: 'the owner of the name continued in another session' },
  revoked: { code: 4506, meaning: 'the session was revoked or the name released' },
} as const

export type CloseReason = keyof typeof closeCodes

/** Whether a client should connect again after this close code. Codes below 4000 are the network's: yes. */
export function mayReconnect(code: number): boolean {
  return code < 4500
}
