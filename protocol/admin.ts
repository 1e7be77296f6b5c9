import { z } from 'zod'
import { Data } from './data.ts'
import { limits } from './limits.ts'
import { Blob, BlobHandle, Epoch } from './message.ts'
import { AgentName } from './names.ts'

/**
 * What a hub does for the user who runs it: HTTP on its Unix-domain socket alone, where the file system
 * has checked already who asks. It is no part of the wire that agents speak, so it may change with the
 * software: both ends come in one package.
 */
export const admin = {
  status: '/admin/status',
  shutdown: '/admin/shutdown',
  backup: '/admin/backup',
  rotateSecret: '/admin/secret/rotate',
  endFormerSecrets: '/admin/secret/end-former',
  importKnown: '/admin/import/known',
  importAgents: '/admin/import/agents',
  importBody: '/admin/import/body',
  importMessages: '/admin/import/messages',
} as const

/** Figures in the text format of Prometheus: on that socket, and on TCP for whoever has the token for them. */
export const metricsPath = '/metrics'

export const adminLimits = {
  /** Bytes of a request in JSON: a full batch of messages, and ample room. */
  requestBytes: 4 * 1024 * 1024,
  /** Rows in one batch: one commit of the ledger takes them all. */
  batchRows: 200,
  /** Characters of a path. */
  pathLength: 4_096,
  /** Seconds for which a former secret may let in: two weeks. */
  graceSeconds: 14 * 24 * 3600,
} as const

/** The header of an uploaded body that says whose it is: the id of an agent, or 0 where the sender is nobody's. */
export const ownerHeader = 'x-bellhop-owner'

/** Milliseconds since 1970. */
const Instant = z.int().min(0)

const Count = z.int().min(0)
const Counts = z.record(z.string(), Count)

/** Milliseconds that half of all took, and 99 of 100, as well as a few steps tell; absent before the first. */
const Timing = z.object({ count: Count, p50Ms: z.number().optional(), p99Ms: z.number().optional() })

/** What an operator asks first; `/metrics` has all of it. Counts are those since the hub started. */
export const HubFigures = z.object({
  /** Unread messages; those in topics once for each member. Absent while the storage does not answer. */
  waiting: z
    .object({
      mailboxes: Count,
      topics: Count,
      /** Age of the oldest; 0 where nothing waits, absent where it is not known yet. */
      oldestMs: z.number().min(0).optional(),
    })
    .optional(),
  blobs: z.object({ count: Count, bytes: Count }).optional(),
  online: Count,
  connections: Count,
  /** Connections that have not authenticated yet. */
  handshakes: Count,
  writable: z.boolean(),
  messages: z.object({ direct: Count, topic: Count, notice: Count, duplicate: Count }),
  pushes: Count,
  /** From taking a send until it is on disk, and pushed to those who are online. */
  pushLatency: Timing,
  commits: Timing,
  /** Operations that wait for their batch. */
  queued: Count,
  /** Receipts by the state that they came to. */
  receipts: Counts,
  /** Requests that were answered with an error, by reason; those refused at the door, by status; connections that the hub closed, by reason. */
  refusals: Counts,
  rejected: Counts,
  closes: Counts,
  sweeps: Counts,
  backups: Counts,
  memoryBytes: Count,
  databaseBytes: Count.optional(),
  /** The write-ahead log. */
  logBytes: Count.optional(),
  /** On the disk of the home. */
  freeBytes: Count.optional(),
})
export type HubFigures = z.infer<typeof HubFigures>

export const AdminStatus = z.object({
  pid: z.int(),
  version: z.string(),
  epoch: Epoch,
  /** The folder that this hub lives in. */
  home: z.string(),
  agents: z.int(),
  /** Absent in hubs of before they were kept. */
  figures: HubFigures.optional(),
})
export type AdminStatus = z.infer<typeof AdminStatus>

/** Answered before the hub begins to close. */
export const Shutdown = z.object({ pid: z.int() })

export const RotateSecretRequest = z.object({
  /** For so long the secret before lets in as well. */
  graceSeconds: z.int().min(0).max(adminLimits.graceSeconds),
  /** One line without space around it; where it is left out, the hub makes one. */
  secret: z
    .string()
    .max(1_024)
    .regex(/^[^\p{Cc}\s](?:\P{Cc}*[^\p{Cc}\s])?$/u)
    .optional(),
})
export type RotateSecretRequest = z.infer<typeof RotateSecretRequest>

/** Present where the former secret in `BELLHOP_SECRET_FORMER` lets in: only a restart without it ends that. */
const formerInEnvironment = z.literal(true).optional()

/** Where the new secret is, and until when the one before lets in. */
export const RotateSecret = z.object({
  file: z.string(),
  formerUntil: z.iso.datetime().optional(),
  formerInEnvironment,
})
export type RotateSecret = z.infer<typeof RotateSecret>

/** What the file `secret.former` in the home holds: each lets in until then, in milliseconds since 1970. */
export const FormerSecrets = z.array(z.object({ secret: z.string().min(1), until: z.number() }))
export type FormerSecrets = z.infer<typeof FormerSecrets>

export const EndFormerSecretsRequest = z.object({})
/** How many there were. */
export const EndFormerSecrets = z.object({ ended: z.int().min(0), formerInEnvironment })
export type EndFormerSecrets = z.infer<typeof EndFormerSecrets>

export const BackupRequest = z.object({
  /** Absolute, and not there yet. */
  folder: z.string().min(1).max(adminLimits.pathLength),
})
export type BackupRequest = z.infer<typeof BackupRequest>

/** The files of a backup, and of a restore that waits in the home. */
export const backupFiles = { database: 'bellhop.db', blobs: 'blobs', manifest: 'manifest.json' } as const

/** A restore that waits in the home for the next hub, and in it the name of the folder for what is there now. */
export const stageFiles = { folder: 'restore', aside: 'aside' } as const

/** The form of database that this software writes: the number of its last migration. */
export const ledgerForm = 2

/** What `manifest.json` says. */
export const BackupManifest = z.object({
  kind: z.literal('bellhop-backup'),
  /** Of the software that wrote it. */
  version: z.string(),
  form: z.int().min(1),
  epoch: Epoch,
  at: z.iso.datetime({ precision: 3 }),
  messages: z.int().min(0),
  agents: z.int().min(0),
  database: z.object({ bytes: z.int().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  blobs: z.object({ count: z.int().min(0), bytes: z.int().min(0) }),
})
export type BackupManifest = z.infer<typeof BackupManifest>

/** The lines of the answer to a backup; the last one is `done` or `failed`. */
export const BackupLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), step: z.enum(['database', 'blobs']), done: z.number(), total: z.number() }),
  z.object({ kind: z.literal('done'), folder: z.string(), manifest: BackupManifest }),
  z.object({ kind: z.literal('failed'), message: z.string(), next: z.string() }),
])
export type BackupLine = z.infer<typeof BackupLine>

/** What a message of another system is recognised by for ever: made from the whole of it. */
export const Origin = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

export const ImportKnownRequest = z.object({
  origins: z.array(Origin).max(adminLimits.batchRows),
  names: z.array(AgentName).max(adminLimits.batchRows),
})
export type ImportKnownRequest = z.infer<typeof ImportKnownRequest>
/** Those that were brought before, and those that somebody has registered. */
export const ImportKnown = z.object({ origins: z.array(Origin), names: z.array(AgentName) })
export type ImportKnown = z.infer<typeof ImportKnown>

export const ImportAgentsRequest = z.object({
  agents: z
    .array(
      z.object({
        name: AgentName,
        /** The secret that will own the name. */
        key: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
        lastSeenAt: Instant,
        /** What it was called before, oldest first, each with the time when that name was left. */
        former: z.array(z.object({ name: AgentName, leftAt: Instant })).max(32),
      }),
    )
    .max(adminLimits.batchRows),
})
export type ImportAgentsRequest = z.infer<typeof ImportAgentsRequest>
export type ImportedAgent = ImportAgentsRequest['agents'][number]

/** One for each agent of the request, in its order. */
export const ImportAgents = z.object({
  agents: z.array(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.enum(['registered', 'yours']),
        agent: z.int().min(1),
        /** Former names that forward to it for a while. */
        forwards: z.array(AgentName),
      }),
      z.object({ kind: z.literal('taken') }),
    ]),
  ),
})
export type ImportAgents = z.infer<typeof ImportAgents>

/** The answer to an uploaded body, whose bytes are text in UTF-8. */
export const ImportBody = Blob

export const ImportMessagesRequest = z.object({
  messages: z
    .array(
      z.object({
        origin: Origin,
        /** As it stood there. */
        from: AgentName,
        /** The agent that it was, where it is one of this user's here. */
        sender: z.int().min(1).optional(),
        to: AgentName,
        /** Empty where there is a body; no more bytes than a message may have inline. */
        content: z.string().max(limits.inlineBytes),
        body: BlobHandle.optional(),
        data: Data.optional(),
        sentAt: Instant,
        /** It was shown there already, so it is history here. */
        read: z.boolean(),
      }),
    )
    .max(adminLimits.batchRows),
})
export type ImportMessagesRequest = z.infer<typeof ImportMessagesRequest>
export type ImportedMessage = ImportMessagesRequest['messages'][number]

/** One for each message of the request, in its order. */
export const ImportMessages = z.object({ outcomes: z.array(z.enum(['waiting', 'read', 'known'])) })
export type ImportMessages = z.infer<typeof ImportMessages>
export type ImportOutcome = z.infer<typeof ImportMessages>['outcomes'][number]
