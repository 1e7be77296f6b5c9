import { shimSettings } from '../settings.ts'
import { z } from 'zod'
import { inputs } from '../inputs.ts'
import { notRegistered } from '../refusal.ts'
import { permitCommand } from '../share/permission.ts'
import { runCommand, type CommandRun } from '../share/run.ts'
import { sanitise } from '../../wording/sanitise.ts'
import { done, refused } from '../outcome.ts'
import { defineTool } from '../tool.ts'
import { duration, size } from '../../wording/words.ts'
import { deliver, Sent } from './sent.ts'

/** Bytes of each of stdout and stderr that the caller's own result repeats. */
const repeatedBytes = 1024

export const shareCommand = defineTool({
  name: 'share_command',
  title: 'Share the output of a command',
  description:
    'Run a program (no shell, at most 30 seconds) and send its output and exit code to an agent or topic. Off unless the person who set Bellhop up has allowed it.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    to: inputs.to.describe('A name, or a topic with "#" before it.'),
    command: z
      .string()
      .trim()
      .min(1)
      .max(8_192)
      .describe('A program and its arguments, quoted as for a shell; no pipes, redirections or variables.'),
    description: inputs.description.optional().describe('What it is, for the recipient.'),
  }),
  output: Sent.extend({ output: z.string().describe('The output, or its beginning.') }),
  async run({ to, command, description }, context, call) {
    const { client, cwd, env } = context
    if (!client.registration) return refused(notRegistered)
    const permission = permitCommand(command, env[shimSettings.allowCommands.env[0]])
    if (permission.kind === 'refused') return refused(permission.refusal)
    const run = await runCommand(permission.words, { cwd, env, signal: call.signal })
    if (run.kind === 'not-started') {
      return refused({
        reason: 'command_failed',
        message: `"${permission.words[0]}" could not be started: ${run.problem}. Nothing was sent.`,
        next: 'Check that the program is installed and on the PATH of the shim, correct the command, and call share_command again.',
      })
    }
    const { exitCode, endedBy, truncated } = run
    const data = { kind: 'command', command, exitCode, endedBy, truncated, ...(description && { description }) }
    const content = commandText(command, description, run)
    const sent = await deliver({ to, content, data }, `The output of \`${command}\` (${endText(run)})`, context, call)
    const output = `${beginning('stdout', run.stdout)}\n\n${beginning('stderr', run.stderr)}`
    return done(`${sent.summary}\n\n${output}`, { ...sent.result, output })
  },
})

type Finished = Extract<CommandRun, { kind: 'finished' }>

function commandText(command: string, description: string | undefined, run: Finished): string {
  const cut = run.truncated ? ' (cut at 1 MiB)' : ''
  return [
    `Command: ${command}${description ? `\n${description}` : ''}`,
    `Result: ${endText(run)}${cut}`,
    `stdout:\n${run.stdout || '(empty)'}`,
    `stderr:\n${run.stderr || '(empty)'}`,
  ].join('\n\n')
}

function beginning(name: string, text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.byteLength <= repeatedBytes) return `${name}:\n${sanitise(text) || '(empty)'}`
  // A character that is cut in half is left out.
  const cut = new TextDecoder().decode(bytes.subarray(0, repeatedBytes), { stream: true })
  return `${name} (cut here: the first ${size(repeatedBytes)} of ${size(bytes.byteLength)}):\n${sanitise(cut)}`
}

function endText({ exitCode, endedBy, ms }: Finished): string {
  switch (endedBy) {
    case 'itself':
      return exitCode === null ? 'ended by a signal' : `exit code ${exitCode}`
    case 'time-limit':
      return `stopped after ${duration(ms)}`
  }
}
