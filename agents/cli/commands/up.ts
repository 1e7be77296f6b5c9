import { readSettings } from '../../client/index.ts'
import { declareHubOptions, withHub, type HubOptions } from '../hub-connection.ts'
import type { CommandModule } from '../command.ts'
import { tellHub } from './status.ts'

export const up: CommandModule = {
  name: 'up',
  group: 'The hub',
  summary: 'Start the hub in the background, where none runs. Assistants do so by themselves.',
  examples: ['bellhop up', 'bellhop up --json'],
  define(command, context, end) {
    declareHubOptions(command).action(async (options: HubOptions) => {
      await withHub(context, async (client) => {
        await tellHub(client, readSettings(context.machine.env), context, options)
      })
      end('done')
    })
  },
}
