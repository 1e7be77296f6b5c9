import { readFileSync } from 'node:fs'

/** What the kernel counts in: `getconf CLK_TCK` is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/** What a process has used since it started. */
export interface Usage {
  /** Seconds of CPU, user and system, of all its threads. */
  readonly cpuSeconds: number
  /** Bytes resident at most so far. */
  readonly peakBytes: number
  /** Bytes resident now. */
  readonly residentBytes: number
}

/** Reads it from /proc. Throws where the process, or /proc, is not there. */
export function usageOf(pid: number): Usage {
  return {
    cpuSeconds: cpuSecondsIn(readFileSync(`/proc/${pid}/stat`, 'utf8')),
    ...memoryIn(readFileSync(`/proc/${pid}/status`, 'utf8')),
  }
}

/** Of a line of /proc/PID/stat. The program's name stands in brackets and may hold anything, brackets too. */
export function cpuSecondsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // Fields 14 and 15 of the manual page, of which two went with the name.
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

export function memoryIn(status: string): Pick<Usage, 'peakBytes' | 'residentBytes'> {
  const kibibytes = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1])
  return { peakBytes: kibibytes('VmHWM') * 1_024, residentBytes: kibibytes('VmRSS') * 1_024 }
}
