import type { IncomingMessage, ServerResponse } from 'node:http'
import type { z } from 'zod'
import {
  admin,
  BackupRequest,
  EndFormerSecretsRequest,
  ImportAgentsRequest,
  ImportKnownRequest,
  ImportMessagesRequest,
  RotateSecretRequest,
  softwareVersion,
  type AdminStatus,
} from '../../protocol/index.ts'
import type { BlobStore } from '../blobs.ts'
import type { Clock } from '../clock.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Backups, Imports } from '../ledger/upkeep.ts'
import type { Log } from '../log.ts'
import { figuresOf } from '../metrics/figures.ts'
import type { Meter } from '../metrics/meter.ts'
import type { Reading } from '../metrics/reading.ts'
import type { Answer, Front } from '../net/http.ts'
import type { Secrets } from '../secrets.ts'
import type { Settings } from '../settings.ts'
import { answerBackup } from './answer-backup.ts'
import { bringAgents } from './bring-agents.ts'
import { storeBody } from './bring-body.ts'
import { bringMessages } from './bring-messages.ts'
import { findKnown } from './find-known.ts'
import { readJson } from './request.ts'
import { endFormerSecrets, rotateSecret } from './rotate-secret.ts'

/** What the hub has to offer the user who runs it. */
export interface AdminServices {
  readonly home: { readonly folder: string; readonly secretFile: string }
  /** Undefined for a hub that is open. */
  readonly secrets: Secrets | undefined
  readonly settings: Settings
  readonly ledger: Ledger & Imports & Backups
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly log: Log
  readonly meter: Pick<Meter, 'backedUp'>
  /** The figures of this moment. */
  readonly read: () => Promise<Reading>
  /** Closes the hub. */
  stop(): void
}

/** One path: what its requests are, and what is done about them. */
type Row = (services: AdminServices, request: IncomingMessage, response: ServerResponse) => Promise<Answer>

const rows: Readonly<Record<string, Row>> = {
  [admin.status]: async ({ home, ledger, read }) => {
    const [agents, reading] = await Promise.all([ledger.countAgents(), read()])
    const json: AdminStatus = {
      ...who(),
      epoch: ledger.epoch,
      home: home.folder,
      agents,
      figures: figuresOf(reading),
    }
    return { status: 200, json }
  },
  [admin.shutdown]: async (services, _request, response) => {
    services.log.info({}, 'stopping, as this user asked')
    // The answer first: whoever asked wants to know that it was heard.
    response.once('close', () => services.stop())
    return { status: 202, json: { pid: process.pid } }
  },
  [admin.backup]: json(BackupRequest, answerBackup),
  [admin.rotateSecret]: json(RotateSecretRequest, rotateSecret),
  [admin.endFormerSecrets]: json(EndFormerSecretsRequest, endFormerSecrets),
  [admin.importKnown]: json(ImportKnownRequest, findKnown),
  [admin.importAgents]: json(ImportAgentsRequest, bringAgents),
  [admin.importBody]: storeBody,
  [admin.importMessages]: json(ImportMessagesRequest, bringMessages),
}

export interface Admin extends Front {
  /** Resolves when nothing is under way any more: what a closed ledger cuts off still clears up behind itself. */
  settled(): Promise<void>
}

/** The paths below `/admin/`, for a listener that only the user who runs the hub can reach. */
export function createAdmin(services: AdminServices): Admin {
  const underWay = new Set<Promise<unknown>>()
  return {
    async settled() {
      await Promise.allSettled(underWay)
    },
    async handle(request, response, path) {
      const row = Object.hasOwn(rows, path) ? rows[path] : undefined
      if (!row || request.method !== 'POST') return undefined
      const work = row(services, request, response)
      underWay.add(work)
      return work.finally(() => underWay.delete(work))
    },
  }
}

function who(): Pick<AdminStatus, 'pid' | 'version'> {
  return { pid: process.pid, version: softwareVersion }
}

/** A row whose request is JSON of this shape. */
function json<T extends z.ZodType>(
  schema: T,
  work: (services: AdminServices, body: z.output<T>, response: ServerResponse) => Promise<Answer> | Answer,
): Row {
  return async (services, request, response) => {
    const body = await readJson(request, schema)
    return 'refusal' in body ? body.refusal : work(services, body.value, response)
  }
}
