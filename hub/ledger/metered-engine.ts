import { writes, type Engine } from './operations.ts'

/** Who is told of batches. */
export interface BatchMeter {
  /** A batch that may have changed something is durable, so many milliseconds after it was handed over. */
  batch(operations: number, ms: number): void
}

/** An engine that tells how large its commits are and how long they take; what only reads is not told. */
export function meterBatches(engine: Engine, meter: BatchMeter): Engine {
  return {
    ...engine,
    async run(batch) {
      const startedAt = performance.now()
      const replies = await engine.run(batch)
      const wrote = batch.some(({ name }, index) => writes[name] && replies[index]?.ok === true)
      if (wrote) meter.batch(batch.length, performance.now() - startedAt)
      return replies
    },
  }
}
