import { startRelay } from './relay.ts'

process.stdout.write(`${await startRelay()}\n`)
