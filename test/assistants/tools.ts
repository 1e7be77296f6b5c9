import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { TestContext } from 'vitest'
import { skipWithout } from '../support/skipping.ts'

/** The real assistants and MCP programs that tests run, by the name of their program. Never dependencies: `install.ts` brings them. */
export const tools = {
  claude: { package: '@anthropic-ai/claude-code', version: '2.1.330' },
  codex: { package: '@openai/codex', version: '0.169.0' },
  gemini: { package: '@google/gemini-cli', version: '0.61.0' },
  opencode: { package: 'opencode-ai', version: '1.18.33' },
  conformance: { package: '@modelcontextprotocol/conformance', version: '0.1.16' },
  'mcp-inspector': { package: '@modelcontextprotocol/inspector', version: '2.12.0' },
} as const
export type ToolName = keyof typeof tools

/** Outside the repository, so that one download serves every checkout. */
export const toolsFolder = process.env['BELLHOP_TEST_TOOLS'] ?? join(homedir(), '.cache', 'bellhop-tests')

export function toolPath(name: ToolName): string {
  return join(toolsFolder, 'node_modules', '.bin', name)
}

/** The path of a program; where it is not there, ends the test as skipped, and says why. */
export function requireTool(name: ToolName, context: Pick<TestContext, 'skip'>): string {
  const path = toolPath(name)
  if (!existsSync(path))
    skipWithout(
      `${name} is not in ${toolsFolder}: node_modules/.bin/node test/assistants/install.ts brings it`,
      context,
    )
  return path
}

/** Ends a test as skipped that interactive programs would be needed for, where there is no terminal for them. */
export function requireTerminal(context: Pick<TestContext, 'skip'>): void {
  if (spawnSync('tmux', ['-V']).error) skipWithout('tmux is not on the PATH', context)
}
