export {
  ClientError,
  type CallOptions,
  type Client,
  type ClientEvents,
  type ClientReason,
  type ClientState,
  type Registration,
  type SendDraft,
  type SimpleMethod,
} from './client.ts'
export type { Clock } from './clock.ts'
export { createPortableClient, type PortableClientOptions } from './create-portable-client.ts'
export { memoryKeys, storedKeys, type Keys, type TextStorage } from './keys.ts'
export type { StandardWebSocket, WebSocketConstructor } from './standard-socket.ts'
