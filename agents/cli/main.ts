#!/usr/bin/env node
import { existsSync, mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { readSettings } from '../client/settings.ts'

const [command, ...words] = process.argv.slice(2)
const isForAssistants = command === 'hook' || command === 'mcp'

// Assistants wait for hooks and for the shim: with compiled code at hand they start in half the time. In
// Bellhop's own folder, because code in a shared one is anybody's; a person's --dry-run makes no folder.
const told = isForAssistants && words.includes('--home') ? words[words.indexOf('--home') + 1] : undefined
if (told) process.env['BELLHOP_HOME'] = told
const { home } = readSettings(process.env)
try {
  if (isForAssistants) mkdirSync(home, { recursive: true, mode: 0o700 })
  if (existsSync(home)) enableCompileCache(join(home, 'cache'))
} catch {
  // Only slower.
}

if (command === 'hook') {
  const { runHook } = await import('../hook/run.ts')
  await runHook(words)
} else if (command === 'mcp') {
  const { run } = await import('../mcp/run.ts')
  await run()
} else {
  const { runCli } = await import('./run.ts')
  await runCli(process.argv.slice(2))
}
