import { startSocketIo } from './socket-io.ts'

process.stdout.write(`${await startSocketIo()}\n`)
