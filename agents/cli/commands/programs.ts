import type { CommandModule } from '../command.ts'

/**
 * What `main.ts` starts in place of a command, before it loads any: here it only stands in the help. It reads its
 * own arguments.
 */
function program({ name, group, summary, examples }: Omit<CommandModule, 'define'>): CommandModule {
  return {
    name,
    group,
    summary,
    examples,
    define: (command) => void command.helpOption(false).allowUnknownOption().argument('[settings...]'),
  }
}

export const programs: readonly CommandModule[] = [
  program({
    name: 'hub',
    group: 'The hub',
    summary: 'Run the hub here, in the foreground, until a signal ends it; --help lists its settings.',
    examples: ['bellhop hub', 'bellhop hub --port 9870 --bridge 9876'],
  }),
  program({
    name: 'mcp',
    group: 'Assistants',
    summary: 'Run the shim: the MCP server that stands beside one assistant, on stdin and stdout.',
    examples: ['bellhop mcp'],
  }),
]
