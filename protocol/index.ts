export {
  admin,
  adminLimits,
  AdminStatus,
  HubFigures,
  metricsPath,
  backupFiles,
  BackupLine,
  BackupManifest,
  BackupRequest,
  EndFormerSecrets,
  EndFormerSecretsRequest,
  FormerSecrets,
  RotateSecret,
  RotateSecretRequest,
  ImportAgents,
  ImportAgentsRequest,
  ImportBody,
  ImportKnown,
  ImportKnownRequest,
  ImportMessages,
  ImportMessagesRequest,
  ledgerForm,
  ownerHeader,
  Shutdown,
  stageFiles,
  type ImportedAgent,
  type ImportedMessage,
  type ImportOutcome,
} from './admin.ts'
export { AgentEntry, Attached, AutoCheck, Outlook, Position, Receipt } from './answers.ts'
export { closeCodes, mayReconnect, type CloseReason } from './close-codes.ts'
export {
  decodeIncoming,
  decodeRequest,
  encodeFailure,
  encodeNotification,
  encodeRequest,
  encodeResult,
  type Call,
  type DecodedRequest,
  type Incoming,
  type RequestId,
  type WireError,
} from './codec.ts'
export { proofText } from './auth.ts'
export { Data } from './data.ts'
export { errors, type ErrorReason, type ErrorRow, type Failure } from './errors.ts'
export { limits } from './limits.ts'
export { Blob, Message, MessageId, Priority, ReceiptState, ReceiptStep, Route, Thread } from './message.ts'
export { methods, type Method, type Params, type ParamsInput, type Result } from './methods.ts'
export { Address, AgentName, everyone, hubName, isTopic, nameKey, reservedNames, TopicName } from './names.ts'
export { notifications, type NotificationName, type NotificationParams } from './notifications.ts'
export { openrpcDocument } from './openrpc.ts'
export { protocolName, revision, revisions, softwareVersion } from './version.ts'
