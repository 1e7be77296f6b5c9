/** What the shim reads from its environment, beside the settings of its client. */
export const shimSettings = {
  name: {
    env: ['BELLHOP_NAME'],
    shown: 'none',
    meaning: 'name that a shim registers by itself when it starts',
  },
  channel: {
    env: ['BELLHOP_CHANNEL'],
    shown: 'no',
    meaning: 'yes: Claude Code was started with this channel (a research preview), so mail goes through it too',
  },
  allowCommands: {
    env: ['BELLHOP_ALLOW_COMMANDS'],
    shown: 'none',
    meaning: 'programs that share_command may run, separated by commas, or * for all',
  },
} as const
