import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import {
  AnswerFile,
  ClientFile,
  HubFile,
  NotificationFile,
  RequestFile,
  UncoveredFile,
  ValueFile,
  type AnswerVector,
  type ClientConversation,
  type HubConversation,
  type Json,
  type NotificationVector,
  type RequestVector,
  type ValueVector,
} from './format.ts'

/** The vectors of this repository. */
const folder = fileURLToPath(new URL('../../protocol/conformance', import.meta.url))

/** One conversation or vector, with what its file defines. `title` names it in reports: file, then name. */
export type Case<T> = T & { readonly title: string; readonly define: Readonly<Record<string, Json>> }

/** Everything that the kit runs. */
export interface Vectors {
  readonly hub: readonly Case<HubConversation>[]
  readonly client: readonly Case<ClientConversation>[]
  readonly requests: readonly Case<RequestVector>[]
  readonly notifications: readonly Case<NotificationVector>[]
  readonly answers: readonly Case<AnswerVector>[]
  readonly values: readonly Case<ValueVector>[]
}

/** Reads and checks every vector. Throws an error that names the file where one does not fit its format. */
export function loadVectors(): Vectors {
  return {
    hub: casesOf('hub', HubFile, ({ conversations }) => conversations),
    client: casesOf('client', ClientFile, ({ conversations }) => conversations),
    requests: casesOf('frames/requests', RequestFile, ({ vectors }) => vectors),
    notifications: casesOf('frames/notifications', NotificationFile, ({ vectors }) => vectors),
    answers: casesOf('frames/answers', AnswerFile, ({ vectors }) => vectors),
    values: casesOf('values', ValueFile, ({ vectors }) => vectors),
  }
}

/** What no vector covers, and why. */
export function loadUncovered(): z.infer<typeof UncoveredFile> {
  return read(UncoveredFile, 'uncovered')
}

function read<T extends z.ZodType>(schema: T, file: string): z.output<T> {
  const parsed = schema.safeParse(JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Error(`${file}.json does not fit its format: ${problems.join('; ')}`)
}

/** The rows of one file, or of every file of a folder. */
function casesOf<S extends z.ZodType<{ define: Record<string, Json> }>, T extends { readonly name: string }>(
  where: string,
  schema: S,
  rows: (content: z.output<S>) => readonly T[],
): Case<T>[] {
  const files = globSync(`${where}{.json,/*.json}`, { cwd: folder }).toSorted()
  return files
    .map((file) => file.replace(/\.json$/, ''))
    .flatMap((file) => {
      const content = read(schema, file)
      return rows(content).map((row) => ({ ...row, title: `${file}: ${row.name}`, define: content.define }))
    })
}
