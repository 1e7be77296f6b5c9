import { wayText } from '../../wording/presence.ts'
import { moment } from '../../wording/words.ts'
import { declareHubOptions, withHub, type HubOptions } from '../hub-connection.ts'
import { writeJson } from '../json.ts'
import type { CommandModule } from '../command.ts'
import { everybody } from '../everybody.ts'
import { writeTable } from '../table.ts'

interface ListOptions extends HubOptions {
  readonly online?: true
}

export const list: CommandModule = {
  name: 'list',
  group: 'Names and people',
  summary: 'Who is registered, who is online, and how each of them sees mail.',
  examples: ['bellhop list', 'bellhop list --online --json'],
  define(command, context, end) {
    declareHubOptions(command)
      .option('--online', 'only those who are online')
      .action(async (options: ListOptions) => {
        const all = await withHub(context, everybody)
        const agents = options.online ? all.filter(({ online }) => online) : all
        const { terminal, clock } = context
        if (options.json) writeJson(context, { agents })
        else if (agents.length === 0) terminal.write(`Nobody is ${options.online ? 'online' : 'registered'}.\n`)
        else {
          const rows = agents.map(({ name, online, routes, lastSeenAt }) =>
            online
              ? [name, terminal.paint('green', 'online'), wayText(routes)]
              : [name, terminal.paint('dim', 'away'), `last seen ${moment(lastSeenAt, clock.now())}`],
          )
          writeTable(terminal, ['NAME', 'STATE', 'HOW IT SEES MAIL'], rows)
        }
        end('done')
      })
  },
}
