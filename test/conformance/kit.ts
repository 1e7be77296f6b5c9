import { runClientConversation, type ClientUnderTest } from './client-conversation.ts'
import { runAnswer, runNotifications, runRequest, runValues } from './frames.ts'
import { runHubConversation } from './hub-conversation.ts'
import type { HubUnderTest } from './hub-talk.ts'
import type { Case, Vectors } from './load.ts'
import type { Line, Verdict } from './report.ts'

/** Called with each line as it comes. */
type Report = (line: Line) => unknown

/** Whether a conversation or vector is to be run, by its title. */
export type Choice = (title: string) => boolean

/** Runs what concerns hubs, in turn. `hub` gives each conversation its hub; a foreign hub is always the same. */
export async function runHubVectors(
  vectors: Pick<Vectors, 'hub' | 'requests'>,
  hub: (needs: Readonly<Record<string, string>>) => Promise<HubUnderTest>,
  chosen: Choice,
  report: Report,
): Promise<void> {
  await each(
    vectors.requests.filter(({ title }) => chosen(title)),
    report,
    async (vector) => runRequest(vector, await hub({})),
  )
  await each(
    vectors.hub.filter(({ title }) => chosen(title)),
    report,
    async (conversation) => runHubConversation(conversation, await hub(conversation.needs)),
  )
}

/** Runs what concerns clients, in turn. */
export async function runClientVectors(
  vectors: Omit<Vectors, 'hub' | 'requests'>,
  client: ClientUnderTest,
  chosen: Choice,
  report: Report,
): Promise<void> {
  const choose = <T>(cases: readonly Case<T>[]): Case<T>[] => cases.filter(({ title }) => chosen(title))
  const values = choose(vectors.values)
  if (values.length > 0) for (const line of await runValues(values, client)) report(line)
  for (const line of await runNotifications(choose(vectors.notifications), client)) report(line)
  await each(choose(vectors.answers), report, (vector) => runAnswer(vector, client))
  await each(choose(vectors.client), report, (conversation) => runClientConversation(conversation, client))
}

async function each<T extends { readonly rules: readonly string[] }>(
  cases: readonly Case<T>[],
  report: Report,
  run: (row: Case<T>) => Promise<Verdict>,
): Promise<void> {
  for (const row of cases) report({ title: row.title, rules: row.rules, verdict: await run(row) })
}
