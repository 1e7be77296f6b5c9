import { openLedger } from '../../../hub/ledger/index.ts'

// Run as a process of its own: opens the ledger in the file given, says how that went, and holds it until
// standard input ends.
const file = process.argv[2] ?? ''
try {
  const ledger = await openLedger({ file })
  process.stdout.write(`open ${ledger.epoch}\n`)
  process.stdin.resume()
  process.stdin.on('end', () => void ledger.close())
} catch (error) {
  process.stdout.write(`${error instanceof Error && 'kind' in error ? String(error.kind) : String(error)}\n`)
}
