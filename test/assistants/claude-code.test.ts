import { prepareClaudeCode } from './claude-code.ts'
import { anthropic } from './models/anthropic.ts'
import { testToolRoutes } from './tool-routes.ts'

testToolRoutes({
  title: 'Claude Code',
  program: 'claude',
  dialect: anthropic,
  toolName: (tool) => `mcp__bellhop__${tool}`,
  prepare: prepareClaudeCode,
})
