import { readSettings } from '../../client/index.ts'
import { declareHubOptions, withHub, type HubOptions } from '../agent.ts'
import type { CommandModule } from '../command.ts'
import { tellHub } from './status.ts'

/** Milliseconds for a hub to start: a large ledger on a slow disk takes its time. */
const startMs = 30_000

export const up: CommandModule = {
  name: 'up',
  group: 'The hub',
  summary: 'Start the hub in the background, where none runs. Assistants do so by themselves.',
  examples: ['bellhop up', 'bellhop up --json'],
  define(command, context, end) {
    declareHubOptions(command).action(async (options: HubOptions) => {
      await withHub(context, async (client) => {
        await client.ready({ timeoutMs: startMs })
        await tellHub(client, readSettings(context.machine.env), context, options)
      })
      end('done')
    })
  },
}
