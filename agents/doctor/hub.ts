import { revision, softwareVersion } from '../../protocol/index.ts'
import { ClientError, firstAttempt, type Client } from '../client/index.ts'
import { bad, good, notice, type Finding } from './finding.ts'

/** Milliseconds for the hub to answer: it is on this machine, or near. */
const answerMs = 5_000

/** Whether the hub answers, knows the secret, is of this version and can write. `client`: started. */
export async function examineHub(client: Client, { isOwn }: { readonly isOwn: boolean }): Promise<Finding[]> {
  try {
    await firstAttempt(client, answerMs)
    const { hub } = await client.request('status', {}, { timeoutMs: answerMs })
    const about = `version ${hub.version}, ${hub.agents} agents, ${hub.online} online, up since ${hub.startedAt}`
    return [
      good('hub', `It answers, and both sides have proven themselves: ${about}`),
      ...(hub.version === softwareVersion
        ? []
        : [
            notice(
              'hub',
              `The hub is version ${hub.version}, this program ${softwareVersion} (revision ${revision}).`,
              'End the older one; where that is the hub, the next assistant starts the newer.',
            ),
          ]),
      ...(hub.writable
        ? []
        : [bad('hub', 'Its disk refuses writes: sends fail, reading goes on.', 'Make space on the disk of its home.')]),
    ]
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    if (isOwn && error.reason === 'hub_unreachable') {
      return [notice('hub', 'No hub is running: the first assistant starts one.', 'Or start it yourself: bellhop up.')]
    }
    return [bad('hub', error.message, error.next)]
  }
}
