import { prepareGemini } from './gemini.ts'
import { gemini } from './models/gemini.ts'
import { testToolRoutes } from './tool-routes.ts'

testToolRoutes({
  title: 'Gemini CLI',
  program: 'gemini',
  dialect: gemini,
  toolName: (tool) => `mcp_bellhop_${tool}`,
  prepare: prepareGemini,
})
