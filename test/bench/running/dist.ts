import { fileURLToPath } from 'node:url'

const compiled = (name: string): string => fileURLToPath(new URL(`../../../dist/agents/${name}.js`, import.meta.url))

/** What an installation of the package tells assistants to start. */
export const ownProgramsIn = { shim: compiled('mcp/main'), cli: compiled('cli/main') } as const
