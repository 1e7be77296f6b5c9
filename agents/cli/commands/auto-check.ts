import { Argument } from 'commander'
import { limits, type AutoCheck } from '../../../protocol/index.ts'
import { count } from '../../wording/words.ts'
import { asAgent, declareAgentOptions, type AgentOptions } from '../agent.ts'
import { writeJson } from '../json.ts'
import type { CommandModule } from '../command.ts'
import { readCount } from '../text.ts'

export const autoCheck: CommandModule = {
  name: 'auto-check',
  group: 'Messages',
  summary: 'Whether and how soon you are told of mail that you do not look for.',
  examples: ['bellhop auto-check status', 'bellhop auto-check start 5', 'bellhop auto-check stop'],
  define(command, context, end) {
    declareAgentOptions(command)
      .addArgument(new Argument('[action]', 'what to do').choices(['start', 'stop', 'status']).default('status'))
      .argument('[minutes]', 'with start: collect mail for so long; 0, or none: at once')
      .action(async (action: 'start' | 'stop' | 'status', given: string | undefined, options: AgentOptions) => {
        const minutes = readCount('the minutes', given ?? '0', 0, limits.autoCheckMinutesMax)
        const ending = await asAgent(options, context, async ({ client, name, attached }) => {
          const { enabled, minutes: present } = attached.autoCheck
          const wanted: AutoCheck =
            action === 'start'
              ? { enabled: true, minutes }
              : { enabled: enabled && action === 'status', minutes: present }
          const { autoCheck } =
            action === 'status' ? attached : await client.request('configure', { autoCheck: wanted })
          if (options.json) writeJson(context, { name, autoCheck })
          else context.terminal.write(`${sentence(name, autoCheck)}\n`)
          return 'done'
        })
        end(ending)
      })
  },
}

function sentence(name: string, { enabled, minutes }: AutoCheck): string {
  if (!enabled) return `Auto-check of ${name} is off: nothing announces its mail.`
  if (minutes === 0) return `Auto-check of ${name} is on: its mail is announced at once.`
  return `Auto-check of ${name} is on: its mail is collected for ${count(minutes, 'minute')}, and then announced.`
}
