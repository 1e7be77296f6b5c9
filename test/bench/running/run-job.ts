import type { ChildProcess } from 'node:child_process'
import type { JobInput, JobName, JobOutput, JobReply } from '../jobs/index.ts'

/** Has a load process do one job. Rejects with what it said, with its death, or when it takes too long. */
export async function runJob<N extends JobName>(
  child: ChildProcess,
  job: N,
  input: JobInput<N>,
  withinMs: number,
): Promise<JobOutput<N>> {
  const { promise, resolve, reject } = Promise.withResolvers<JobOutput<N>>()
  const late = setTimeout(() => reject(new Error(`the load was not done in ${withinMs / 1_000} s`)), withinMs)
  child.once('error', reject)
  child.once('exit', (code, signal) => reject(new Error(`the load process ended with ${code ?? signal}`)))
  child.once('message', (reply: JobReply<N>) => {
    if (reply.kind === 'done') resolve(reply.output)
    else reject(new Error(reply.problem))
  })
  child.send({ job, input })
  try {
    return await promise
  } finally {
    clearTimeout(late)
  }
}
