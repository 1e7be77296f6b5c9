import { howToGoOn } from './greeting.ts'
import { HomeError, prepareHome, readAbout } from './home.ts'
import { LedgerRefusal } from './ledger/index.ts'
import { SettingError, settingsWith } from './settings.ts'

/** Why the hub did not start, in words that say what to do, and the exit code of the process. */
export function explainStart(error: unknown, folder: string | undefined): { text: string; exitCode: number } {
  if (error instanceof SettingError) return { text: `${error.message} See --help.`, exitCode: 2 }
  if (error instanceof LedgerRefusal && error.kind === 'in_use') {
    const home = folder ?? settingsWith().home
    const about = readAbout(prepareHome(home))
    const where = about ? ` It listens at ${about.url ?? about.socket} (process ${about.pid}).` : ''
    return {
      text: `A hub is running on this home already.${where} It keeps the settings that it was started with; to give it others, end it first (bellhop down).\n\n${howToGoOn(home)}`,
      exitCode: 3,
    }
  }
  if (error instanceof HomeError || error instanceof LedgerRefusal) return { text: error.message, exitCode: 4 }
  if (isSystemError(error) && error.code === 'EADDRINUSE') {
    return {
      text: `Port ${error.port ?? ''} is in use by another program, or by the hub of another home. Stop that, or set BELLHOP_PORT to another port (0 takes a free one).`,
      exitCode: 5,
    }
  }
  if (isSystemError(error) && error.code === 'EACCES') {
    return { text: `Not allowed: ${error.message}. Choose another BELLHOP_PORT or BELLHOP_HOME.`, exitCode: 5 }
  }
  // Told apart by its name: the bridge is a client, whose code the hub does not import.
  if (error instanceof Error && error.name === 'BridgeError') return { text: error.message, exitCode: 5 }
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    return { text: `${error.message}. See --help.`, exitCode: 2 }
  }
  return {
    text: `The hub could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    exitCode: 1,
  }
}

function isSystemError(error: unknown): error is Error & { code: string; port?: number } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}
