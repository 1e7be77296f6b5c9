import { prepareCodex } from './codex.ts'
import { responses } from './models/responses.ts'
import { testToolRoutes } from './tool-routes.ts'

testToolRoutes({
  title: 'Codex',
  program: 'codex',
  dialect: responses,
  toolName: (tool) => `mcp__bellhop.${tool}`,
  prepare: prepareCodex,
})
