import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import type { Settings } from '../client/settings.ts'
import { canMeet } from '../local/places.ts'
import { bad, good, notice, type Finding } from './finding.ts'

/** The oldest Node that runs it: the first that takes TypeScript as it is. */
const oldestNode = [22, 18] as const

export function examineRuntime(version: string = process.versions.node): Finding[] {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOldEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  return [
    isOldEnough
      ? good('runtime', `Node ${version}`)
      : bad('runtime', `Node ${version} is too old.`, `Use Node ${oldestNode.join('.')} or later.`),
    ...(canMeet ? [] : [notice('runtime', 'Hooks and wakers need Unix-domain sockets, which this system lacks.')]),
  ]
}

/** The folder of this user: that it is there, writable, and closed to others. */
export function examineHome({ home, url }: Pick<Settings, 'home' | 'url'>): Finding[] {
  const modes = modeOf(home)
  if (modes === undefined) {
    return [notice('home', `${home} is not there yet: the first assistant that uses Bellhop makes it.`)]
  }
  const findings: Finding[] = []
  if (statSync(home).uid !== (process.getuid?.() ?? statSync(home).uid)) {
    findings.push(bad('home', `${home} belongs to another user.`, 'Set BELLHOP_HOME to a folder of your own.'))
  }
  if (!isWritable(home)) findings.push(bad('home', `${home} cannot be written.`, `chmod u+rwx ${quoted(home)}`))
  for (const [path, wanted] of [
    [home, '700'],
    [join(home, 'secret'), '600'],
    [join(home, 'secret.former'), '600'],
    [join(home, 'keys'), '700'],
  ] as const) {
    const mode = modeOf(path)
    if (mode === undefined || process.platform === 'win32' || (mode & 0o077) === 0) continue
    findings.push(bad('home', `${path} is open to other users.`, `chmod ${wanted} ${quoted(path)}`))
  }
  const secret = modeOf(join(home, 'secret'))
  if (secret === undefined && url === undefined) {
    findings.push(notice('home', 'There is no secret yet: the hub makes it when it starts.'))
  }
  return findings.length > 0
    ? findings
    : [good('home', `${home}: yours alone${secret === undefined ? '' : ', with the secret'}`)]
}

/** Undefined where it is not there, or not to be seen. */
function modeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mode
  } catch {
    return undefined
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}
