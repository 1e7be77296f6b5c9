import { assistantOf, assistants } from '../assistants/index.ts'
import { findShims } from '../local/link.ts'
import type { About } from '../local/wire.ts'
import { good, notice, type Finding } from './finding.ts'

/** Milliseconds for the shims of this user to answer. */
const answerMs = 2_000

/** The assistants that run with Bellhop now. */
export async function runningSessions(home: string): Promise<About[]> {
  return await findShims(home, AbortSignal.timeout(answerMs))
}

export function examineSessions(sessions: readonly About[]): Finding[] {
  if (sessions.length === 0) return [notice('session', 'No assistant is running with Bellhop now.')]
  const findings = sessions.map(({ client, name, cwd, routes, unread }) => {
    const assistant = assistantOf(client)
    const who = `${assistant ? assistants[assistant].title : client} in ${cwd}`
    if (name === undefined) return notice('session', `${who} has no name.`, 'Say "register this instance as …" there.')
    return good('session', `${who} is "${name}", reached by ${routes.join(', ')}; ${unread} unread`)
  })
  return [...findings, ...doubled(sessions)]
}

/** One process with two shims: a plugin beside a registration, as a rule. */
function doubled(sessions: readonly About[]): Finding[] {
  const byProject = Map.groupBy(
    // Codex has a shim for each thread, and others one for each project that they hold open.
    sessions.filter(({ client }) => assistantOf(client) !== 'codex'),
    ({ parent, cwd }) => `${parent} ${cwd}`,
  )
  return [...byProject.values()]
    .filter((shims) => shims.length > 1)
    .map((shims) =>
      notice(
        'session',
        `One assistant in ${shims[0]?.cwd ?? 'a folder'} has started Bellhop ${shims.length} times.`,
        'Where it is registered and there as a plugin, remove one: bellhop uninstall claude-code, or claude plugin uninstall bellhop@bellhop.',
      ),
    )
}
