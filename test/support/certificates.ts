import { execFileSync } from 'node:child_process'
import { copyFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'vitest'
import { findProgram, skipWithout } from './skipping.ts'
import { temporaryFolder } from './teardown.ts'

/** Where a certificate and its key are. */
export interface CertificatePaths {
  readonly cert: string
  readonly key: string
}

const day = 24 * 3_600_000
const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Somebody who signs certificates, whom nobody trusts unless told to. */
export class Authority {
  /** What those are given who are to trust it. */
  readonly cert: string
  readonly #folder: string
  readonly #openssl: string
  #serial = 0

  private constructor(openssl: string, folder: string) {
    this.#openssl = openssl
    this.#folder = folder
    this.cert = join(folder, 'authority.pem')
  }

  /** Ends the test as skipped where there is no openssl. */
  static make(context: Pick<TestContext, 'skip'>): Authority {
    const openssl = findProgram('openssl')
    if (openssl === undefined) skipWithout('openssl is not on the PATH', context)
    const made = new Authority(openssl, temporaryFolder())
    made.#run(
      'req',
      '-x509',
      ...curve,
      '-keyout',
      'authority.key',
      '-out',
      'authority.pem',
      '-subj',
      '/CN=Test authority',
    )
    writeFileSync(
      made.#path('ca.cnf'),
      `[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=any\ncopy_extensions=copy\nunique_subject=no\n[any]\ncommonName=supplied\n`,
    )
    writeFileSync(made.#path('index.txt'), '')
    writeFileSync(made.#path('serial'), '01\n')
    return made
  }

  /** A certificate for a name, signed by this authority; `until` and `from` in days from now. */
  issue(name: string, { from = -1, until = 90 }: { from?: number; until?: number } = {}): CertificatePaths {
    this.#serial += 1
    const [key, request, cert] = ['key', 'csr', 'pem'].map((suffix) => `${name}.${this.#serial}.${suffix}`) as [
      string,
      string,
      string,
    ]
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
    this.#run('req', '-new', ...curve, '-keyout', key, '-out', request, ...subject)
    const dates = ['-startdate', asn1Time(from), '-enddate', asn1Time(until)]
    const signer = ['-cert', 'authority.pem', '-keyfile', 'authority.key']
    this.#run('ca', '-batch', '-notext', '-config', 'ca.cnf', ...signer, ...dates, '-in', request, '-out', cert)
    return { cert: this.#path(cert), key: this.#path(key) }
  }

  #path(file: string): string {
    return join(this.#folder, file)
  }

  #run(...words: string[]): void {
    execFileSync(this.#openssl, words, { cwd: this.#folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
}

/** Puts another certificate in the place of one, as those that renew them do: a whole file at a time. */
export function replaceCertificate(old: CertificatePaths, renewed: CertificatePaths): void {
  for (const kind of ['key', 'cert'] as const) {
    copyFileSync(renewed[kind], `${old[kind]}.new`)
    renameSync(`${old[kind]}.new`, old[kind])
  }
}

/** A time so many days from now, as YYMMDDHHMMSSZ. */
function asn1Time(days: number): string {
  const time = new Date(Date.now() + days * day).toISOString()
  return `${time.slice(2, 19).replaceAll(/[-T:]/g, '')}Z`
}
