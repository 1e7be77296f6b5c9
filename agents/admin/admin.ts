import {
  admin,
  AdminStatus,
  BackupLine,
  EndFormerSecrets,
  ImportAgents,
  ImportBody,
  ImportKnown,
  ImportMessages,
  metricsPath,
  ownerHeader,
  RotateSecret,
  Shutdown,
  type BackupManifest,
  type ImportAgentsRequest,
  type ImportKnownRequest,
  type ImportMessagesRequest,
  type RotateSecretRequest,
} from '../../protocol/index.ts'
import { ClientError, type Settings } from '../client/index.ts'
import { misunderstood } from '../client/failures.ts'
import { locate } from '../client/node/address.ts'
import { exchange, exchangeLines, readText, type LocalEndpoint } from './exchange.ts'

/** What a hub does for the user who runs it. Everything rejects with `ClientError`. */
export interface Admin {
  status(): Promise<AdminStatus>
  /** All figures, in the text format of Prometheus. */
  metrics(): Promise<string>
  /** Resolves when the hub has heard it; it ends soon after. Answers its process id. */
  shutDown(): Promise<number>
  /** `folder` is absolute and not there yet. */
  backUp(folder: string, onProgress: (progress: BackupProgress) => void): Promise<BackupManifest>
  /** Puts another secret in force; the one before lets in until the grace is over. */
  rotateSecret(request: RotateSecretRequest): Promise<RotateSecret>
  /** Refuses former secrets from now on. */
  endFormerSecrets(): Promise<EndFormerSecrets>
  known(request: ImportKnownRequest): Promise<ImportKnown>
  bringAgents(request: ImportAgentsRequest): Promise<ImportAgents['agents']>
  /** Stores a large body; answers its handle. `owner`: the agent that sent it, where it is one here. */
  storeBody(text: Uint8Array, owner: number | undefined): Promise<string>
  bringMessages(request: ImportMessagesRequest): Promise<ImportMessages['outcomes']>
}

export type BackupProgress = Omit<Extract<BackupLine, { kind: 'progress' }>, 'kind'>

/** The admin part of the hub of this user on this machine. Looks for the hub at each call. */
export function openAdmin(settings: Settings): Admin {
  const ask = <T extends Parameters<typeof exchange>[2]>(path: string, body: object, schema: T) =>
    exchange(socketOf(settings), { path, body: JSON.stringify(body) }, schema)
  return {
    status: () => ask(admin.status, {}, AdminStatus),
    metrics: async () => readText(socketOf(settings), metricsPath),
    shutDown: async () => (await ask(admin.shutdown, {}, Shutdown)).pid,
    async backUp(folder, onProgress) {
      const request = { path: admin.backup, body: JSON.stringify({ folder }) }
      for await (const line of exchangeLines(socketOf(settings), request, BackupLine)) {
        if (line.kind === 'progress') onProgress(line)
        else if (line.kind === 'done') return line.manifest
        else throw new ClientError({ reason: 'internal', message: line.message, next: line.next })
      }
      throw misunderstood('the hub stopped in the middle of a backup')
    },
    rotateSecret: (request) => ask(admin.rotateSecret, request, RotateSecret),
    endFormerSecrets: () => ask(admin.endFormerSecrets, {}, EndFormerSecrets),
    known: (request) => ask(admin.importKnown, request, ImportKnown),
    bringAgents: async (request) => (await ask(admin.importAgents, request, ImportAgents)).agents,
    async storeBody(body, owner) {
      const headers = owner === undefined ? {} : { [ownerHeader]: String(owner) }
      const { handle } = await exchange(socketOf(settings), { path: admin.importBody, headers, body }, ImportBody)
      return handle
    },
    bringMessages: async (request) => (await ask(admin.importMessages, request, ImportMessages)).outcomes,
  }
}

function socketOf(settings: Settings): LocalEndpoint {
  const endpoint = locate(settings)
  if (endpoint.kind === 'unix') return endpoint
  throw new ClientError({
    reason: 'hub_unreachable',
    message: 'Only the socket of a hub on this machine takes this request, and this hub is reached by TCP.',
    next: 'Run this as the user of the hub, on its machine, with BELLHOP_URL unset (and without BELLHOP_SOCKET=no there).',
    details: { isNextKnown: true },
  })
}
