import type { Refusal } from '../refusal.ts'
import { splitCommand } from './words.ts'

/**
 * Whether a command may run [S-8]. `allowed`: BELLHOP_ALLOW_COMMANDS, a comma-separated list of program
 * names as they stand in the command, or `*` for all; absent: none.
 */
export function permitCommand(
  command: string,
  allowed: string | undefined,
): { kind: 'permitted'; words: readonly [string, ...string[]] } | { kind: 'refused'; refusal: Refusal } {
  const programs = (allowed ?? '').split(',').flatMap((name) => name.trim() || [])
  if (programs.length === 0) {
    return refuse({
      reason: 'commands_off',
      message: 'Running commands is off here. Nothing was run.',
      next: `Whoever set Bellhop up can allow programs: BELLHOP_ALLOW_COMMANDS="git,npm" (or "*" for all) in the environment of this MCP server, then restart it. Until then, run the command with your own tools and send the output.`,
    })
  }
  const split = splitCommand(command)
  if (split.kind === 'not-plain') {
    return refuse({
      reason: 'command_not_plain',
      message: `The command cannot run without a shell: ${split.problem}. Nothing was run.`,
      next: 'Give one program with plain arguments, and call share_command again; for pipes or redirections, run it with your own tools and send the output.',
    })
  }
  const [program] = split.words
  if (!programs.includes('*') && !programs.includes(program)) {
    return refuse({
      reason: 'command_not_allowed',
      message: `${JSON.stringify(program)} is not among the allowed programs (${programs.join(', ')}). Nothing was run.`,
      next: 'Use an allowed program, or ask your user to add this one to BELLHOP_ALLOW_COMMANDS and restart this MCP server.',
    })
  }
  return { kind: 'permitted', words: split.words }
}

function refuse(refusal: Refusal): { kind: 'refused'; refusal: Refusal } {
  return { kind: 'refused', refusal }
}
