import type { AssistantId } from '../assistants/index.ts'

/** Our programs, of whichever checkout or package. */
const shim = /(?:^|[\\/])agents[\\/]mcp[\\/]main\.[jt]s$/
const cli = /(?:^|[\\/\s])(?:agents[\\/]cli[\\/]main\.[jt]s|bellhop(?:\.cmd|\.exe)?)$/

/** Whether an entry of an assistant's servers starts our shim: known by its program, without any record. */
export function isOwnServer(entry: unknown): entry is Readonly<Record<string, unknown>> {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return false
  const { command, args = [] } = entry as { command?: unknown; args?: unknown }
  const words = [command, args].flat().filter((word) => typeof word === 'string')
  return words.some((word, index) => shim.test(word) || (cli.test(word) && words[index + 1] === 'mcp'))
}

/** Whether a hook's command is one that we install for this assistant: `"node" ".../main.ts" hook codex`, `bellhop hook codex`. */
export function isOwnHook(command: unknown, assistant: AssistantId): boolean {
  const [, program, named] = /"?([^"]+)"? hook ([\w-]+)(?:\s.*)?$/.exec(String(command)) ?? []
  return named === assistant && cli.test(program ?? '')
}

/** Whether a plugin file only hands on our plugin. */
export function isOwnPlugin(text: string): boolean {
  return /^export \{ Bellhop \} from "[^"\n]*\/agents\/opencode\/plugin\.[jt]s"\s*$/.test(text)
}
