import { prepareGemini } from './gemini.ts'
import { geminiBeside } from './gemini-scene.ts'
import { testHeadlessRuns } from './headless-runs.ts'
import { gemini } from './models/gemini.ts'

testHeadlessRuns({
  title: 'gemini -p',
  program: 'gemini',
  dialect: gemini,
  checkTool: 'mcp_bellhop_check',
  name: 'gemini',
  prepare: (rose, { program, model, hooks }) =>
    hooks
      ? geminiBeside(rose, program, model)
      : prepareGemini({ program, model, mcpServers: { bellhop: rose.shim('gemini') } }),
})
