import { buildPage, builtPage } from './bundle.ts'

await buildPage()
process.stdout.write(`The page is in ${builtPage}\n`)
