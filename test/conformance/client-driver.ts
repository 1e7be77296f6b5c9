import { createInterface } from 'node:readline'
import { ClientError, createClient, type Client, type ClientOptions } from '../../agents/client/index.ts'
import { prove } from '../../agents/client/proof.ts'
import { AgentName, mayReconnect } from '../../protocol/index.ts'

/** A command that this driver cannot carry out. */
class Unsupported extends Error {}

interface Command {
  readonly id: number
  readonly method: string
  readonly params?: Readonly<Record<string, unknown>>
}

type Params = Readonly<Record<string, unknown>>
/** What a command does. The parameters come from the kit, which checks nothing here: the client must. */
type Act = (client: Client, params: never) => unknown

const simple = ['fetch', 'list', 'join', 'leave', 'history', 'receipts', 'configure', 'reach', 'status'] as const

const acts: Readonly<Record<string, Act>> = {
  register: (client, params: Parameters<Client['register']>[0]) => client.register(params),
  send: (client, params: Parameters<Client['send']>[0]) => client.send(params),
  ack: async (client, { ids, state, route }: Record<string, never>) => {
    await client.ack(ids ?? [], state!, route!)
    return {}
  },
  rename: (client, { name }: { name: string }) => client.rename(name),
  release: (client) => client.release(),
  close: async (client) => {
    await client.close()
    return {}
  },
  ...Object.fromEntries(
    simple.map((method) => [method, (client: Client, params: never) => client.request(method, params)]),
  ),
}

const values: Readonly<Record<string, (params: never) => unknown>> = {
  proof: ({ secret, role, hubNonce, clientNonce }: Record<string, string>) => ({
    proof: prove(secret!, role as 'client' | 'hub', hubNonce!, clientNonce!),
  }),
  validName: ({ name }: { name: string }) => ({ valid: AgentName.safeParse(name).success }),
  mayReconnect: ({ code }: { code: number }) => ({ mayReconnect: mayReconnect(code) }),
}

/**
 * The driver of the conformance kit around the TypeScript client: commands in lines on standard input,
 * answers and events in lines on standard output. `dial` and `write` let a test plant faults.
 */
export function driveClient({
  dial,
  write = (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
}: {
  readonly dial?: NonNullable<ClientOptions['dial']>
  readonly write?: (line: object) => void
}): void {
  let client: Client | undefined

  const act = async ({ method, params = {} }: Command): Promise<unknown> => {
    if (Object.hasOwn(values, method)) return values[method]!(params as never)
    if (method === 'start') {
      client = start(params)
      return {}
    }
    if (!Object.hasOwn(acts, method)) throw new Unsupported(`There is no command "${method}".`)
    if (!client) throw new Unsupported(`"${method}" came before "start".`)
    return acts[method]!(client, params as never)
  }

  const start = (params: Params): Client => {
    const started = createClient({ client: { name: 'conformance-driver' }, ...params, ...(dial && { dial }) })
    for (const event of ['message', 'receipt', 'presence', 'renamed'] as const) {
      started.on(event, (about: object) => write({ event, params: about }))
    }
    started.on('reset', () => write({ event: 'reset', params: {} }))
    started.on('state', (state) => {
      const cause = 'cause' in state ? state.cause : undefined
      write({ event: 'state', params: { state: state.kind, ...(cause && { error: asError(cause) }) } })
    })
    started.start()
    return started
  }

  const lines = createInterface(process.stdin)
  lines.on('line', (line) => {
    const command = JSON.parse(line) as Command
    act(command).then(
      (result) => write({ id: command.id, result }),
      (error: unknown) => write({ id: command.id, error: asError(error) }),
    )
  })
  lines.on('close', () => void client?.close())
}

function asError(error: unknown): object {
  if (error instanceof Unsupported) return { reason: 'unsupported', message: error.message, next: 'Leave it out.' }
  if (!(error instanceof ClientError)) return { reason: 'internal', message: String(error), next: 'Mend the driver.' }
  const { reason, message, next, temporary, retryAfterMs } = error
  return { reason, message, next, temporary, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}
