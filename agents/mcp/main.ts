import process from 'node:process'
import { prepareStart } from '../local/start.ts'

prepareStart(process.argv.slice(2), { makeHome: true })
const { run } = await import('./run.ts')
await run()
