import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Clock } from '../clock.ts'
import type { Timers } from '../delivery/heartbeat.ts'
import { errorFacts, type Log } from '../log.ts'
import { SettingError, type Settings } from '../settings.ts'

/** Where the certificate (with its chain) and its key are, both PEM. */
interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

/** A certificate and the key that belongs to it, as the files hold them. */
export interface Identity {
  readonly cert: Buffer
  readonly key: Buffer
  /** Milliseconds since 1970. */
  readonly validUntil: number
}

/** How often the files are read again: whoever renews a certificate does so days ahead. */
export const certificateLookMs = 60_000
/** From here on the log warns. Whatever renews certificates does so earlier. */
const nearEndMs = 14 * 24 * 3_600_000

/** Undefined where the hub speaks no TLS. Throws `SettingError` where only one of the two is set. */
function certificateFiles({ tlsCert, tlsKey }: Pick<Settings, 'tlsCert' | 'tlsKey'>): CertificateFiles | undefined {
  if (tlsCert === '' && tlsKey === '') return undefined
  if (tlsCert !== '' && tlsKey !== '') return { cert: tlsCert, key: tlsKey }
  const [set, missing] =
    tlsCert === '' ? ['BELLHOP_TLS_KEY', 'BELLHOP_TLS_CERT'] : ['BELLHOP_TLS_CERT', 'BELLHOP_TLS_KEY']
  throw new SettingError(
    `${set} (or its flag) is set and ${missing} is not: TLS needs both. Set ${missing} too, or neither.`,
  )
}

/** Throws `SettingError` where a file cannot be read, holds something else, or the two do not belong together. */
function readIdentity(files: CertificateFiles): Identity {
  const [cert, key] = [read('BELLHOP_TLS_CERT', files.cert), read('BELLHOP_TLS_KEY', files.key)]
  const parsed = parse('BELLHOP_TLS_CERT', files.cert, 'certificate', () => new X509Certificate(cert))
  const privateKey = parse('BELLHOP_TLS_KEY', files.key, 'private key without a passphrase', () =>
    createPrivateKey(key),
  )
  if (!parsed.checkPrivateKey(privateKey)) {
    throw new SettingError(
      `The key in ${files.key} does not belong to the certificate in ${files.cert}, whose own must be the first in that file. Set BELLHOP_TLS_CERT and BELLHOP_TLS_KEY to two that belong together.`,
    )
  }
  return { cert, key, validUntil: parsed.validToDate.getTime() }
}

/** The certificate of a hub: what it is now, and who looks for its renewal. */
export interface Certificate {
  readonly identity: Identity
  watch(options: WatchOptions): CertificateWatch
}

/** Undefined where the hub speaks no TLS. Throws `SettingError` for files that do not fit. */
export function openCertificate(settings: Pick<Settings, 'tlsCert' | 'tlsKey'>): Certificate | undefined {
  const files = certificateFiles(settings)
  if (!files) return undefined
  const identity = readIdentity(files)
  return { identity, watch: (options) => new CertificateWatch(files, identity, options) }
}

interface WatchOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  /** Gets each certificate that differs from the one before. */
  readonly renewed: (identity: Identity) => void
}

/**
 * Takes a renewed certificate over while the hub runs. Reads the files at an interval instead of watching them:
 * a link that now points elsewhere, and a file on a network, look the same as a file that was written anew. Files
 * that do not fit yet are half of a renewal: the certificate before stays in use.
 */
export class CertificateWatch {
  readonly #files: CertificateFiles
  readonly #options: WatchOptions
  #current: Identity
  #timer: unknown
  #problem: string | undefined
  #warnedOfEnd: Identity | undefined

  constructor(files: CertificateFiles, identity: Identity, options: WatchOptions) {
    this.#files = files
    this.#current = identity
    this.#options = options
  }

  start(): void {
    const { log } = this.#options
    const { key } = this.#files
    if (process.platform !== 'win32' && (statSync(key).mode & 0o007) !== 0) {
      log.warn({ file: key }, 'other users of this machine can read or change the key of TLS: chmod 600 it')
    }
    this.#warnOfEnd()
    this.#wait()
  }

  stop(): void {
    this.#options.timers.clearTimeout(this.#timer)
  }

  #wait(): void {
    this.#timer = this.#options.timers.setTimeout(() => {
      this.#look()
      this.#wait()
    }, certificateLookMs)
  }

  #look(): void {
    const { log, renewed } = this.#options
    try {
      const found = readIdentity(this.#files)
      this.#problem = undefined
      if (found.cert.equals(this.#current.cert) && found.key.equals(this.#current.key)) return this.#warnOfEnd()
      renewed(found)
      this.#current = found
      log.info({ validUntil: new Date(found.validUntil).toISOString() }, 'took a renewed certificate over')
      this.#warnOfEnd()
    } catch (error) {
      const facts = errorFacts(error)
      // Once for each problem, and not every minute.
      if (facts.error !== this.#problem) log.warn({ error: facts.error }, 'the certificate before stays in use')
      this.#problem = facts.error
    }
  }

  #warnOfEnd(): void {
    const { clock, log } = this.#options
    if (this.#warnedOfEnd === this.#current || this.#current.validUntil - clock.now() > nearEndMs) return
    this.#warnedOfEnd = this.#current
    log.warn(
      { validUntil: new Date(this.#current.validUntil).toISOString() },
      'the certificate ends soon, or has: renew it',
    )
  }
}

function read(variable: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new SettingError(
      `${variable} cannot be read: ${sentenceOf(error)}. Name a file that the hub's user may read.`,
    )
  }
}

function parse<T>(variable: string, file: string, what: string, work: () => T): T {
  try {
    return work()
  } catch {
    // What the parser says is of no use to a reader, and of a key nothing is repeated at all.
    throw new SettingError(`${variable} is ${file}, which holds no ${what} in PEM. Name a file that does.`)
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
