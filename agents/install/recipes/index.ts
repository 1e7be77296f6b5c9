import type { AssistantId } from '../../assistants/index.ts'
import type { Recipe } from '../recipe.ts'
import { claudeCode } from './claude-code.ts'
import { claudeDesktop } from './claude-desktop.ts'
import { codex } from './codex.ts'
import { cursor } from './cursor.ts'
import { gemini } from './gemini.ts'
import { opencode } from './opencode.ts'
import { vscode } from './vscode.ts'
import { windsurf } from './windsurf.ts'

/** How each assistant is set up. */
export const recipes: Readonly<Record<AssistantId, Recipe>> = {
  'claude-code': claudeCode,
  codex,
  gemini,
  opencode,
  cursor,
  vscode,
  windsurf,
  'claude-desktop': claudeDesktop,
}
