import { chatCompletions } from './models/chat-completions.ts'
import { prepareOpencode } from './opencode.ts'
import { testToolRoutes } from './tool-routes.ts'

testToolRoutes({
  title: 'opencode',
  program: 'opencode',
  dialect: chatCompletions,
  toolName: (tool) => `bellhop_${tool}`,
  prepare: prepareOpencode,
})
