import { draftOfFile, readShareable } from '../../mail/shareable.ts'
import { asAgent, declareAgentOptions, type AgentOptions } from '../agent.ts'
import type { CommandModule } from '../command.ts'
import { Problem } from '../problem.ts'
import { withTransfer } from '../transfer.ts'
import { deliver } from './send.ts'

interface ShareOptions extends AgentOptions {
  readonly description?: string
}

export const shareFile: CommandModule = {
  name: 'share-file',
  group: 'Messages',
  summary: 'Send the content of a file (at most 16 MiB) with its path and a description.',
  examples: ['bellhop share-file claude notes.md what we agreed on'],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('<to>', 'a name, or a topic with "#" before it')
      .argument('<path>', 'the file')
      .argument('[description...]', 'what it is, for its reader')
      .option('--description <text>', 'the same, for a script')
      .action(async (to: string, path: string, words: string[], options: ShareOptions) => {
        const { machine, cwd } = context
        const read = await readShareable({ path, cwd, home: machine.home, userHome: machine.userFolder })
        if (read.kind === 'refused') throw new Problem({ ...read.refusal, ending: 'failed' })
        const ending = await asAgent(
          options,
          context,
          async (agent) => {
            const description = options.description ?? (words.join(' ') || undefined)
            const draft = await draftOfFile(read.file, { to, description }, (bytes, about) =>
              withTransfer('Sending', context.terminal, (moving) => agent.client.upload(bytes, about, moving)),
            )
            return deliver(draft, agent, context, options)
          },
          { announcesName: true },
        )
        end(ending)
      })
  },
}
