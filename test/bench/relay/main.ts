import { parseArgs } from 'node:util'
import { startRelay } from './relay.ts'

const count = { type: 'string', default: '0' } as const
const { values } = parseArgs({ options: { waiting: count, 'body-bytes': count } })
const url = await startRelay({ waiting: Number(values.waiting), bodyBytes: Number(values['body-bytes']) })
process.stdout.write(`${url}\n`)
