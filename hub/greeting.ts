import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { softwareVersion } from '../protocol/index.ts'
import type { Hub } from './hub.ts'
import { settingsWith } from './settings.ts'

/** What a person who started a hub reads. */
export function greeting({ url, socket, home }: Hub): string {
  return `Bellhop ${softwareVersion} is running.

  listening  ${[url, socket].filter(Boolean).join('\n             ')}
  data       ${home.folder}

${howToGoOn(home.folder)}
Ctrl-C stops the hub; nothing is lost.
`
}

/** The shim's command for this machine, this Node and this home. */
export function howToGoOn(home: string): string {
  const shim = fileURLToPath(new URL(`../agents/mcp/main${extname(import.meta.url)}`, import.meta.url))
  const environment = home === settingsWith().home ? '' : ` -e BELLHOP_HOME=${home}`
  return `Next: give an assistant its shim. For Claude Code:
  claude mcp add --scope user bellhop${environment} -- ${process.execPath} ${shim}
For another assistant, those two paths are the command and its argument. Then tell it
"register this instance as rose".`
}
