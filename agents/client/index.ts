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
export type { HubCommand } from './node/autostart.ts'
export type { Clock } from './clock.ts'
export { createClient, type ClientOptions } from './node/create-client.ts'
export { firstAttempt } from './first-attempt.ts'
export { clientSettings, readSettings, type Environment, type Settings } from './settings.ts'
