import { rmSync } from 'node:fs'
import { isIP } from 'node:net'
import { softwareVersion } from '../protocol/index.ts'
import { createAdmin, type Admin } from './admin/admin.ts'
import { BlobStore } from './blobs.ts'
import type { Clock } from './clock.ts'
import { Connection } from './connection.ts'
import { Delivery } from './delivery/delivery.ts'
import type { Timers } from './delivery/heartbeat.ts'
import { Roster } from './delivery/roster.ts'
import { Health } from './health.ts'
import { removeAbout, writeAbout, type Home } from './home.ts'
import { Incidents } from './incidents.ts'
import type { History, Ledger } from './ledger/ledger.ts'
import type { Backups, Imports, Queue } from './ledger/upkeep.ts'
import { errorFacts, type Log } from './log.ts'
import type { Services } from './methods/method.ts'
import { createMetricsFront } from './metrics/metrics-front.ts'
import { takeReading, type Sources } from './metrics/reading.ts'
import type { Tally } from './metrics/tally.ts'
import type { Certificate, CertificateWatch } from './net/certificate.ts'
import { guardPolicy } from './net/guards.ts'
import { HttpFront } from './net/http.ts'
import { Listener } from './net/listener.ts'
import { proxyCheck } from './net/peer-address.ts'
import type { Socket } from './net/socket.ts'
import { WebSocketAcceptor } from './net/websocket.ts'
import { Rates } from './rules/rates.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from './settings.ts'
import { Suggestions } from './suggestions.ts'
import { Sweeper } from './sweeper.ts'
import { within } from './within.ts'

/** A hub that is running. */
export interface Hub {
  readonly home: Home
  /** `ws://HOST:PORT`, with TLS `wss://HOST:PORT`; undefined where the port was taken and may be done without. */
  readonly url: string | undefined
  /** Path of the Unix-domain socket, where there is one. */
  readonly socket: string | undefined
  readonly epoch: string
  /** Resolves when the hub has closed, whoever wanted it: its process, or its user by way of the socket. */
  readonly closed: Promise<void>
  /** Looks for expired mail now, instead of at the next interval. */
  sweep(): Promise<void>
  /** Tells the clients to come back, finishes what is under way, and gives everything back. */
  close(): Promise<void>
}

/** Milliseconds over which clients are told to spread their return. */
const returnWithinMs = 1_000
/** The same for those that found no place. */
const returnWhenOverloadedMs = 10_000
/** How long a shutdown waits for requests that are under way. */
const drainWithinMs = 5_000
/** The longest path that a Unix-domain socket may have on every system. */
const socketPathMax = 103

/** What is opened before there is a hub. */
export interface Foundation {
  readonly home: Home
  readonly ledger: Ledger & History & Imports & Backups & Queue
  /** Undefined for a hub that is open. */
  readonly secrets: Secrets | undefined
  /** Undefined for a hub without TLS. */
  readonly certificate: Certificate | undefined
  readonly tally: Tally
}

/** What a hub is told, and what of the world it goes by. */
export interface Surroundings {
  readonly settings: Settings
  readonly log: Log
  readonly clock: Clock
  readonly timers: Timers
}

export class RunningHub implements Hub {
  readonly home: Home
  socket: string | undefined
  readonly #services: Services
  readonly #sweeper: Sweeper
  readonly #admin: Admin
  readonly #tcp: Listener
  readonly #unix: Listener
  readonly #secrets: Secrets | undefined
  readonly #watch: CertificateWatch | undefined
  readonly #connections = new Set<Connection>()
  readonly #ended = Promise.withResolvers<void>()
  #port: number | undefined
  #closing: Promise<void> | undefined

  constructor(
    { home, ledger, secrets, certificate, tally }: Foundation,
    { settings, log, clock, timers }: Surroundings,
  ) {
    this.home = home
    this.#secrets = secrets
    const roster = new Roster()
    const delivery = new Delivery(roster, log, tally)
    const shared = {
      settings,
      log,
      clock,
      ledger,
      roster,
      delivery,
      blobs: new BlobStore(home.blobs),
      health: new Health(),
      incidents: new Incidents(log, clock),
      meter: tally,
    }
    this.#services = {
      ...shared,
      history: ledger,
      rates: new Rates(settings),
      suggestions: new Suggestions(ledger, clock),
      authentication: secrets ? { kind: 'secret', secrets } : { kind: 'open' },
      startedAt: clock.now(),
      left: ({ agent }) => {
        ledger.seen({ agents: [agent], at: clock.now() }).catch((error: unknown) => {
          log.warn(errorFacts(error), 'cannot store when an agent was last seen')
        })
      },
      connections: () => this.#connections.size,
    }
    this.#sweeper = new Sweeper(shared, timers)
    ledger.onAppend((appended) => tally.appended(appended))
    ledger.onAppend((appended) => delivery.appended(appended))
    const sources: Sources = {
      ...shared,
      home,
      tally,
      online: () => roster.size,
      connections: () => this.#connections.size,
      handshakes: () => this.#tcp.handshakes + this.#unix.handshakes,
    }
    const read = (): ReturnType<typeof takeReading> => takeReading(sources)
    this.#admin = createAdmin({ ...shared, home, secrets, read, stop: () => void this.close() })
    const metrics = createMetricsFront(sources, { kind: 'anybody' })
    const scraped = createMetricsFront(sources, { kind: 'token', token: settings.metricsToken })
    const listening = {
      policy: guardPolicy([settings.host, ...settings.allowedHosts], settings.allowedOrigins),
      acceptor: new WebSocketAcceptor(),
      // Those that are over the limit are told so, if they get this far; behind that, nobody listens.
      maxConnections: settings.connections + settings.handshakes,
      maxHandshakes: settings.handshakes,
      isProxy: proxyCheck(settings.trustedProxies),
      incidents: shared.incidents,
      meter: tally,
      connect: (socket: Socket) => this.#connect(socket, timers),
    }
    this.#tcp = new Listener({
      ...listening,
      identity: certificate?.identity,
      front: new HttpFront(shared, [scraped]),
    })
    this.#unix = new Listener({ ...listening, front: new HttpFront(shared, [this.#admin, metrics]) })
    this.#watch = certificate?.watch({ clock, timers, log, renewed: (renewed) => this.#tcp.renew(renewed) })
    secrets?.onEnd(() => this.#recheck(secrets))
  }

  get url(): string | undefined {
    const { host } = this.#services.settings
    return this.#port === undefined
      ? undefined
      : `${this.#watch ? 'wss' : 'ws'}://${isIP(host) === 6 ? `[${host}]` : host}:${this.#port}`
  }

  get epoch(): string {
    return this.#services.ledger.epoch
  }

  async listen(): Promise<void> {
    const { settings, log, startedAt } = this.#services
    await this.#listenOnTcp()
    // Left by a hub that was killed; clients would try it first.
    rmSync(this.home.socket, { force: true })
    if (settings.unixSocket && Buffer.byteLength(this.home.socket) > socketPathMax) {
      log.warn({ path: this.home.socket }, 'the path is too long for a Unix-domain socket; only TCP is served')
    } else if (settings.unixSocket) {
      await this.#unix.open({ kind: 'unix', path: this.home.socket })
      this.socket = this.home.socket
    }
    this.#writeAbout(startedAt)
    void this.#sweeper.start()
    this.#watch?.start()
    log.info({ url: this.url, socket: this.socket, home: this.home.folder, epoch: this.epoch }, 'listening')
  }

  /** For people and their programs; on a full disk the hub serves its readers without. */
  #writeAbout(startedAt: number): void {
    const about = {
      pid: process.pid,
      version: softwareVersion,
      url: this.url,
      socket: this.socket,
      startedAt: new Date(startedAt).toISOString(),
    }
    try {
      writeAbout(this.home, about)
    } catch (error) {
      this.#services.log.warn(errorFacts(error), 'cannot write where this hub is')
    }
  }

  async #listenOnTcp(): Promise<void> {
    const { host, port, tcp, unixSocket } = this.#services.settings
    try {
      this.#port = await this.#tcp.open({ kind: 'tcp', host, port })
    } catch (error) {
      if (tcp === 'required' || !unixSocket || !isPortTaken(error)) throw error
      this.#services.log.warn({ host, port }, 'the port is taken by another program; only the socket is served')
    }
  }

  sweep(): Promise<void> {
    return this.#sweeper.sweep()
  }

  get closed(): Promise<void> {
    return this.#ended.promise
  }

  close(): Promise<void> {
    this.#closing ??= this.#close().finally(() => this.#ended.resolve())
    return this.#closing
  }

  async #close(): Promise<void> {
    const { ledger, log } = this.#services
    const closed = Promise.all([this.#tcp.close(), this.#unix.close()])
    this.#secrets?.close()
    this.#watch?.stop()
    await this.#sweeper.stop()
    // Everything that was accepted is still answered; an answer that a slow disk delays too long is
    // asked for again after the restart.
    await within(drainWithinMs, Promise.all([...this.#connections].map((connection) => connection.drain())))
    for (const connection of this.#connections) {
      connection.close('going_away', Math.round(Math.random() * returnWithinMs))
    }
    await closed
    await ledger.close()
    await this.#admin.settled()
    removeAbout(this.home)
    log.info({}, 'closed')
  }

  /** Clients come back by themselves, with the secret that is in force where they have it. */
  #recheck(secrets: Secrets): void {
    for (const connection of this.#connections) {
      connection.recheck((secret) => secrets.accepts(secret), Math.round(Math.random() * returnWithinMs))
    }
  }

  #connect(socket: Socket, timers: Timers): Connection {
    const connection: Connection = new Connection(this.#services, socket, timers, () =>
      this.#connections.delete(connection),
    )
    this.#connections.add(connection)
    if (this.#connections.size > this.#services.settings.connections) {
      connection.close('overloaded', Math.round(Math.random() * returnWhenOverloadedMs))
    }
    return connection
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
