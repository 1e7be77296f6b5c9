import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { softwareVersion } from '../protocol/index.ts'
import type { Bridge } from './bridge.ts'
import type { Hub } from './hub.ts'
import { settingsWith } from './settings.ts'

/** What a person who started a hub reads. */
export function greeting({ url, socket, home }: Hub, bridge: Pick<Bridge, 'port'> | undefined): string {
  return `Bellhop ${softwareVersion} is running.

  listening  ${[url, socket].filter(Boolean).join('\n             ')}
  data       ${home.folder}${bridge ? `\n  bridge     127.0.0.1:${bridge.port}, for clients of claude-ipc-mcp` : ''}

${howToGoOn(home.folder)}
Ctrl-C stops the hub; nothing is lost.
`
}

/** How a person goes on from here, with this Node and this home. */
export function howToGoOn(home: string): string {
  const extension = extname(import.meta.url)
  const path = (name: string): string => fileURLToPath(new URL(`../agents/${name}${extension}`, import.meta.url))
  const environment = home === settingsWith().home ? '' : `BELLHOP_HOME="${home}" `
  return `Next: make an assistant know Bellhop (claude-code, codex, gemini, opencode, cursor, …):
  ${environment}"${process.execPath}" "${path('cli/main')}" install claude-code --hooks
By hand, its command and argument are
  ${process.execPath} ${path('mcp/main')}
Then tell it "register this instance as rose".`
}
