import { InvalidArgumentError } from 'commander'
import { adminLimits } from '../../../protocol/index.ts'
import { openAdmin } from '../../admin/admin.ts'
import { ClientError, readSettings } from '../../client/index.ts'
import { count, moment } from '../../wording/words.ts'
import { declareHubOptions, withHub, type HubOptions } from '../hub-connection.ts'
import { writeJson } from '../json.ts'
import type { CliContext, CommandModule } from '../command.ts'
import { Problem } from '../problem.ts'

interface Options extends HubOptions {
  /** Hours. */
  readonly grace: number
  readonly end?: true
  readonly stdin?: true
}

/** Hours for which the secret before lets in, unless somebody says otherwise: every machine is used within a day. */
const graceHours = 24
const hourSeconds = 3_600
/** Bytes of a secret on stdin. */
const secretBytes = 1_024

export const rotateSecret: CommandModule = {
  name: 'rotate-secret',
  group: 'The hub',
  summary: 'Put a new secret in force while the hub goes on; the one before lets in for a time of grace.',
  examples: [
    'bellhop rotate-secret',
    'bellhop rotate-secret --grace 72',
    'bellhop rotate-secret --grace 0   # refuse all former secrets at once',
    'openssl rand -hex 32 | bellhop rotate-secret --stdin',
    'bellhop rotate-secret --end',
  ],
  define(command, context, end) {
    declareHubOptions(command)
      .option('--grace <hours>', 'how long former secrets let in at most; 0: not at all', hours, graceHours)
      .option('--stdin', 'take the new secret from stdin (without it, the hub makes one)')
      .option('--end', 'refuse former secrets now, and make no new one')
      .action(async (options: Options) => {
        const graceGiven = command.getOptionValueSource('grace') !== 'default'
        if (options.end && (graceGiven || options.stdin)) throw endGoesAlone
        await (options.end ? endFormer(options, context) : rotate(options, context))
        end('done')
      })
  },
}

async function rotate({ grace, stdin, json }: Options, context: CliContext): Promise<void> {
  const secret = stdin ? await readSecret(context) : undefined
  const { machine, terminal, clock } = context
  await findHub(context)
  const rotated = await adminOf(context).rotateSecret({
    graceSeconds: Math.round(grace * hourSeconds),
    ...(secret !== undefined && { secret }),
  })
  if (json) return writeJson(context, rotated)
  const { file, formerUntil, formerInEnvironment } = rotated
  const former =
    formerUntil === undefined
      ? 'Whoever has a former one is refused from now on, and who came in with one was asked to come back.'
      : `Whoever has the one before is let in until ${moment(formerUntil, clock.now())}, and nobody was disconnected; "bellhop rotate-secret --end" ends that now.`
  terminal.write(
    `A new secret is in force. It is in ${file}, where programs of this user find it by themselves.\n${former}\n` +
      (formerInEnvironment ? stillInEnvironment : '') +
      `Other machines need it: give it to them as BELLHOP_SECRET, or as ${machine.env['BELLHOP_HOME'] === undefined ? '~/.bellhop/secret' : 'the file secret in their home'}.\n`,
  )
}

async function endFormer({ json }: Options, context: CliContext): Promise<void> {
  await findHub(context)
  const answer = await adminOf(context).endFormerSecrets()
  if (json) return writeJson(context, answer)
  const { ended, formerInEnvironment } = answer
  const done =
    ended === 0
      ? 'There was no former secret to end'
      : `${count(ended, 'former secret')} ended: whoever has nothing newer is refused from now on, and was asked to come back`
  const left = ended === 0 && !formerInEnvironment ? ': only the one in force lets in' : ''
  context.terminal.write(`${done}${left}.\n${formerInEnvironment ? stillInEnvironment : ''}`)
}

const stillInEnvironment =
  'But the former secret in BELLHOP_SECRET_FORMER, in the environment of the hub, is still let in: restart the hub without it to end that.\n'

const endGoesAlone = new Problem({
  ending: 'usage',
  reason: 'usage',
  message: '--end makes no new secret, so neither --grace nor --stdin goes with it. Nothing was changed.',
  next: 'To end former secrets alone, give --end by itself; for a new secret and no former one, --grace 0 (and --stdin for one of your own).',
})

/** Starts none: it would have the settings of this shell, which need not be those of the operator. */
async function findHub(context: CliContext): Promise<void> {
  const { home, url } = readSettings(context.machine.env)
  try {
    await withHub(context, () => Promise.resolve(), { autostart: false })
  } catch (error) {
    if (url !== undefined || !(error instanceof ClientError) || error.reason !== 'hub_unreachable') throw error
    throw new Problem({
      ending: 'unreachable',
      reason: error.reason,
      message: `No hub is running on the home ${home}. Nothing was changed.`,
      next: 'Start it with its settings, then run this again.',
    })
  }
}

function adminOf({ machine }: CliContext): ReturnType<typeof openAdmin> {
  return openAdmin({ ...readSettings(machine.env), home: machine.home })
}

function hours(text: string): number {
  const most = adminLimits.graceSeconds / hourSeconds
  const number = Number(text)
  if (text.trim() !== '' && number >= 0 && number <= most) return number
  throw new InvalidArgumentError(`It must be a number of hours from 0 to ${most}.`)
}

async function readSecret({ terminal }: CliContext): Promise<string> {
  const secret = (await terminal.read(secretBytes).catch(() => '')).trim()
  if (secret !== '' && !secret.includes('\n')) return secret
  throw new Problem({
    ending: 'usage',
    reason: 'usage',
    message: `stdin holds no secret: one line of at most ${secretBytes} bytes is expected. Nothing was changed.`,
    next: 'Give one, such as that of "openssl rand -hex 32"; or leave --stdin out: the hub makes one then.',
  })
}
