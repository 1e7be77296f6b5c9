import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { TestContext } from 'vitest'
import { hookEvents } from '../../agents/install/hook-events.ts'
import { prepareCodex, type Codex } from './codex.ts'
import { Correspondent } from './correspondent.ts'
import { bareEnvironment } from './headless.ts'
import { ScriptedModel } from './model.ts'
import { responses } from './models/responses.ts'
import { temporaryFolder } from '../support/teardown.ts'
import type { Terminal } from './terminal.ts'
import { requireTool } from './tools.ts'

const cli = fileURLToPath(new URL('../../agents/cli/main.ts', import.meta.url))

interface Choice {
  /** The name that its shims register by themselves. Absent: its model has to call register. */
  readonly name?: string
  readonly hooks?: boolean
  /** Folder of the `codex` that its shims run. Default: that of the real one. */
  readonly queueFolder?: string
}

interface Scene {
  readonly rose: Correspondent
  readonly model: ScriptedModel
  readonly codex: Codex
}

/** Codex with Bellhop's shim and, if not told otherwise, its hooks. */
export function codexBeside(
  rose: Correspondent,
  {
    program,
    model,
    name,
    hooks = true,
    queueFolder = dirname(program),
  }: Choice & { readonly program: string; readonly model: ScriptedModel },
): Codex {
  const { PATH } = bareEnvironment('')
  return prepareCodex({
    program,
    model,
    mcpServers: { bellhop: name === undefined ? { ...rose.shim(''), env: rose.env } : rose.shim(name) },
    ...(hooks && { hooks: hooksFor(rose) }),
    env: { PATH: `${queueFolder}:${PATH}` },
  })
}

/** Codex against a scripted model, and another agent that writes to it. */
export async function startCodexScene(context: Pick<TestContext, 'skip'>, choice: Choice = {}): Promise<Scene> {
  const program = requireTool('codex', context)
  const rose = await Correspondent.start()
  const model = await ScriptedModel.start(responses)
  return { rose, model, codex: codexBeside(rose, { program, model, ...choice }) }
}

/** Resolves when the screen shows so many ends of turns: an answer is there before its turn is over. */
export async function untilTurnsEnd(terminal: Terminal, turns: number): Promise<void> {
  await terminal.untilScreen(new RegExp(`(?:Worked for[^]*){${turns}}`))
}

function hooksFor({ env }: Correspondent): object {
  const { events, hook } = hookEvents.codex
  const command = `"${process.execPath}" "${cli}" hook codex --home "${env['BELLHOP_HOME']}"`
  return Object.fromEntries(Object.keys(events).map((event) => [event, [{ hooks: [hook.context(command)] }]]))
}

/** A folder with a `codex` that queues nothing, and remembers that it was asked to. */
export function queueOfNothing(): { readonly folder: string; readonly calls: () => string[] } {
  const folder = temporaryFolder()
  const calls = join(folder, 'calls')
  writeFileSync(join(folder, 'codex'), `#!/bin/sh\necho "$*" >> '${calls}'\n`, { mode: 0o755 })
  return { folder, calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trimEnd().split('\n') : []) }
}
