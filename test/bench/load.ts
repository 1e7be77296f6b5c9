import { jobs, type JobName, type JobReply } from './jobs/index.ts'

/** The load process: does the one job that its parent names, and says how it went. */
process.once('message', ({ job, input }: { readonly job: JobName; readonly input: never }) => {
  const answer = (reply: JobReply<JobName>): void => {
    process.send?.(reply, () => process.disconnect())
  }
  jobs[job](input).then(
    (output) => answer({ kind: 'done', output }),
    (error: unknown) =>
      answer({ kind: 'failed', problem: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})

// Without a parent there is nobody to answer to.
process.once('disconnect', () => process.exit())
