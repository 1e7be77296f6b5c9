import { buildPage } from './bundle.ts'
import { servePage } from './static-server.ts'

await buildPage()
const port = process.argv[2]
const { origin } = await servePage(port === undefined ? {} : { port: Number(port) })
process.stdout.write(`The page is at ${origin}
Start the hub with this in its environment, so that it lets the page in:
BELLHOP_ALLOWED_ORIGINS=${origin}
`)
