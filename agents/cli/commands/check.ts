import { limits } from '../../../protocol/index.ts'
import { count } from '../../wording/words.ts'
import { asAgent, declareAgentOptions, type AgentOptions } from '../agent.ts'
import { writeJson } from '../json.ts'
import type { CommandModule } from '../command.ts'
import { fetchUnread, jsonOf, letterText, openLetters, showLetters } from '../mail.ts'
import { readCount } from '../text.ts'

interface CheckOptions extends AgentOptions {
  readonly peek?: true
  readonly limit: string
}

export const check: CommandModule = {
  name: 'check',
  group: 'Messages',
  summary: 'Show unread messages; their senders are told that they were read.',
  examples: ['bellhop check', 'bellhop check --peek', 'bellhop check --json --limit 10'],
  define(command, context, end) {
    declareAgentOptions(command)
      .option('--peek', 'look only: they stay unread')
      .option('--limit <n>', 'at most so many, oldest first', String(limits.pageRows))
      .action(async (options: CheckOptions) => {
        const limit = readCount('--limit', options.limit, 1, 100_000)
        const ending = await asAgent(options, context, async (agent) => {
          const { terminal, clock } = context
          const unread = await fetchUnread(agent.client, limit)
          if (options.peek) {
            const letters = unread.map((message) => ({ message }))
            if (options.json) writeJson(context, { messages: letters.map(jsonOf) })
            else terminal.write(letters.map((letter) => letterText(letter, terminal, clock.now())).join('\n'))
          } else {
            const letters = await openLetters(unread, agent, context)
            await showLetters(letters, agent, context, { form: options.json ? 'document' : 'text', route: 'fetch' })
          }
          const left = agent.attached.waiting - unread.length
          if (unread.length === 0 && !options.json) terminal.write(`No unread messages for ${agent.name}.\n`)
          if (left > 0) terminal.complain(`${count(left, 'more unread message')} for ${agent.name}: check again.\n`)
          return 'done'
        })
        end(ending)
      })
  },
}
