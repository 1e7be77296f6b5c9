/** Every assistant that Bellhop knows, by the word that people type for it. */
export const assistantIds = [
  'claude-code',
  'codex',
  'gemini',
  'opencode',
  'cursor',
  'vscode',
  'windsurf',
  'claude-desktop',
] as const
export type AssistantId = (typeof assistantIds)[number]

/** What an assistant is called, for people and in MCP's `clientInfo`. */
export const assistants = {
  'claude-code': { title: 'Claude Code', clientNames: ['claude-code'] },
  codex: { title: 'Codex', clientNames: ['codex-mcp-client'] },
  gemini: { title: 'Gemini CLI', clientNames: ['gemini-cli-mcp-client'] },
  opencode: { title: 'opencode', clientNames: ['opencode'] },
  cursor: { title: 'Cursor', clientNames: ['cursor-vscode'] },
  vscode: { title: 'VS Code', clientNames: ['Visual Studio Code'] },
  windsurf: { title: 'Windsurf', clientNames: ['windsurf-client'] },
  'claude-desktop': { title: 'Claude Desktop', clientNames: ['claude-ai'] },
} as const satisfies Record<AssistantId, { readonly title: string; readonly clientNames: readonly string[] }>

/** The assistant that calls itself so in MCP's `clientInfo`. */
export function assistantOf(clientName: string | undefined): AssistantId | undefined {
  return assistantIds.find((id) => assistants[id].clientNames.some((name) => name === clientName))
}
