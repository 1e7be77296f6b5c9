import type { ServerResponse } from 'node:http'
import { isAbsolute } from 'node:path'
import type { BackupLine, BackupRequest } from '../../protocol/index.ts'
import { errorFacts } from '../log.ts'
import type { Answer } from '../net/http.ts'
import type { AdminServices } from './admin.ts'
import { makeBackup } from './make-backup.ts'
import { misfit } from './request.ts'

/** Milliseconds between two lines of progress: often enough for a bar. */
const lineMs = 100

/** Makes a backup, and tells how it goes in lines of JSON. Whoever asked may go away: it is finished all the same. */
export async function answerBackup(
  services: AdminServices,
  { folder }: BackupRequest,
  response: ServerResponse,
): Promise<Answer> {
  if (!isAbsolute(folder)) return misfit('The folder of a backup must be an absolute path.')
  const { log, meter } = services
  const write = (line: BackupLine): void => void response.write(`${JSON.stringify(line)}\n`)
  let toldAt = 0
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  try {
    const manifest = await makeBackup(services, folder, (progress) => {
      const now = performance.now()
      if (now - toldAt < lineMs && progress.done < progress.total) return
      toldAt = now
      write({ kind: 'progress', ...progress })
    })
    log.info({ messages: manifest.messages, agents: manifest.agents }, 'a backup was made')
    meter.backedUp('done')
    write({ kind: 'done', folder, manifest })
  } catch (error) {
    log.error(errorFacts(error), 'a backup failed')
    meter.backedUp('failed')
    const message = `The backup could not be made: ${error instanceof Error ? error.message : String(error)}.`
    write({
      kind: 'failed',
      message,
      next: 'Choose a folder that is not there yet, on a disk with room, and try again.',
    })
  }
  response.end()
  return { status: 'sent' }
}
