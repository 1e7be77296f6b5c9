import { usageOf } from '../../bench/measuring/process.ts'
import { median } from '../../bench/measuring/statistics.ts'

const mebibyte = 2 ** 20

/** What a process had resident while it was watched. */
export interface MemoryCourse {
  /** The middle of the last fifth over the middle of the second: the first is for warming up. */
  readonly ratio: number
  /** MiB a minute, of the line with the least squares through all but the first fifth. */
  readonly slope: number
  /** MiB: middle of each fifth, and the most. */
  readonly fifths: readonly number[]
  readonly peak: number
}

/** Looks at a process in a steady rhythm, and tells what it saw when it is asked to stop. */
export function watchMemory(pid: number, everyMs: number): () => MemoryCourse {
  const samples: Sample[] = []
  const look = (): void => {
    samples.push({ minute: performance.now() / 60_000, mebibytes: usageOf(pid).residentBytes / mebibyte })
  }
  look()
  const timer = setInterval(look, everyMs)
  return () => {
    clearInterval(timer)
    look()
    return courseOf(samples)
  }
}

interface Sample {
  readonly minute: number
  readonly mebibytes: number
}

function courseOf(samples: readonly Sample[]): MemoryCourse {
  const end = (fifth: number): number => Math.round((samples.length * fifth) / 5)
  const fifths = [0, 1, 2, 3, 4].map((fifth) =>
    median(samples.slice(end(fifth), end(fifth + 1)).map(({ mebibytes }) => mebibytes)),
  )
  return {
    ratio: fifths[4]! / fifths[1]!,
    slope: slopeOf(samples.slice(end(1))),
    fifths,
    peak: Math.max(...samples.map(({ mebibytes }) => mebibytes)),
  }
}

function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const middle = { minute: mean(({ minute }) => minute), mebibytes: mean(({ mebibytes }) => mebibytes) }
  const covariance = mean(({ minute, mebibytes }) => (minute - middle.minute) * (mebibytes - middle.mebibytes))
  return covariance / mean(({ minute }) => (minute - middle.minute) ** 2)
}
