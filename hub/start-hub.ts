import { SteadyClock } from './clock.ts'
import { realTimers } from './delivery/heartbeat.ts'
import { checkExposure } from './exposure.ts'
import { prepareHome } from './home.ts'
import { RunningHub, type Hub, type Surroundings } from './hub.ts'
import { openLedger } from './ledger/index.ts'
import { silentLog } from './log.ts'
import { Tally } from './metrics/tally.ts'
import { openCertificate } from './net/certificate.ts'
import { readChosenSecret } from './secret-file.ts'
import { Secrets } from './secrets.ts'

export type HubOptions = Pick<Surroundings, 'settings'> & Partial<Surroundings>

/**
 * Opens the home, the ledger and the sockets, in this order, so that nobody is let in before
 * everything is ready. Throws `SettingError`, `HomeError`, `LedgerRefusal` or what `listen` throws;
 * then nothing is left open.
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { settings, log = silentLog, clock = new SteadyClock(), timers = realTimers } = options
  checkExposure({ ...settings, secret: readChosenSecret(settings) })
  const certificate = openCertificate(settings)
  const home = prepareHome(settings.home)
  const tally = new Tally()
  const ledger = await openLedger({
    file: home.database,
    log,
    meter: tally,
    restore: { folder: home.restore, blobs: home.blobs },
  })
  let running: RunningHub | undefined
  try {
    const secrets = settings.open ? undefined : new Secrets({ home, settings, clock, timers, log })
    running = new RunningHub({ home, ledger, secrets, certificate, tally }, { settings, log, clock, timers })
    await running.listen()
    return running
  } catch (error) {
    await (running ?? ledger).close()
    throw error
  }
}
