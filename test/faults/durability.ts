/** A message as its sender knows it: a text that is nowhere else, and the id that the hub gave it. */
export interface Sent {
  readonly marker: string
  readonly id: string
}

/** One system call of a trace. Where it began and ended are lines of the trace, whose order is that of time. */
interface Call {
  readonly name: string
  readonly text: string
  readonly succeeded: boolean
  readonly began: number
  readonly ended: number
}

const whole = /^(\d+) +(\w+)\((.*)\) += (-?\d+)/
const beginning = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/
const rest = /^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)/

/** The calls of what `strace -f` wrote. */
export function readTrace(trace: string): Call[] {
  const calls: Call[] = []
  const open = new Map<string, { text: string; began: number }>()
  for (const [line, written] of trace.split('\n').entries()) {
    const [, thread = '', name = '', text = '', result = ''] = whole.exec(written) ?? rest.exec(written) ?? []
    const [, opened = '', , firstText = ''] = beginning.exec(written) ?? []
    if (opened !== '') open.set(opened, { text: firstText, began: line })
    if (thread === '') continue
    const first = open.get(thread)
    open.delete(thread)
    calls.push({
      name,
      text: (first?.text ?? '') + text,
      succeeded: Number(result) >= 0,
      began: first?.began ?? line,
      ended: line,
    })
  }
  return calls
}

/**
 * What speaks against each message having been on the disk before anybody was told of it: its sender by an answer,
 * its reader by a push. Between the writes to the log that hold it and the first write to a socket that names it,
 * an fsync of the log must have begun and ended. `oneByOne`: nothing else was sent meanwhile, so every write to the
 * log must have been synced by then, the one that commits included.
 */
export function findUnsynced(calls: readonly Call[], sent: readonly Sent[], oneByOne: boolean): string[] {
  const ofLog = calls.filter(({ text }) => /^\d+<[^>]*-wal>/.test(text))
  const written = ofLog.filter(({ name }) => name === 'pwrite64' || name === 'write')
  const synced = ofLog.filter(({ name, succeeded }) => /^f(?:data)?sync$/.test(name) && succeeded)
  const toSockets = calls.filter(({ text }) => /^\d+<(?:socket|TCP|UNIX)/.test(text))

  return sent.flatMap(({ marker, id }) => {
    const stored = written.find(({ text }) => text.includes(marker))
    const told = toSockets.find(({ text }) => text.includes(`\\"${id}\\"`))
    if (!stored || !told) return [`${marker}: its ${stored ? 'answer' : 'write'} is not in the trace`]
    const last = oneByOne ? written.findLast(({ ended }) => ended < told.began) : stored
    const covered = synced.some(({ began, ended }) => began > (last?.ended ?? Infinity) && ended < told.began)
    return covered ? [] : [`${marker}: ${id} was told before the log was synced`]
  })
}
