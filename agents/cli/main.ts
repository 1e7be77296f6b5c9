#!/usr/bin/env node
import process from 'node:process'
import { prepareStart } from '../local/start.ts'

const [command, ...words] = process.argv.slice(2)

// Assistants call the first two, and wait for them: nothing is loaded for these three that only people need.
if (command === 'hook') {
  const args = prepareStart(words, { makeHome: true })
  const { runHook } = await import('../hook/run.ts')
  await runHook(args)
} else if (command === 'mcp') {
  prepareStart(words, { makeHome: true })
  const { run } = await import('../mcp/run.ts')
  await run()
} else if (command === 'hub') {
  const { runOwnHub } = await import('./hub.ts')
  await runOwnHub(words)
} else {
  // A person's --dry-run makes no folder.
  prepareStart([], { makeHome: false })
  const { runCli } = await import('./run.ts')
  await runCli(process.argv.slice(2))
}
