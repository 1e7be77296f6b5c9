import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import process from 'node:process'

/** Processes above a hook that are looked at: its shell, the assistant, the assistant's launcher. */
const looked = 3
/** Milliseconds for `ps`, where there is no /proc. */
const psMs = 500

/** Whether one of the nearest processes was started with one of these arguments. */
export function isStartedWith(pids: readonly number[], wanted: readonly string[]): boolean {
  return pids.slice(0, looked).some((pid) => {
    // The first is the program, and a shell's arguments are somebody's whole command line.
    const [program = '', ...args] = argumentsOf(pid)
    if (/(?:^|\/)(?:ba|da|z)?sh$/.test(program)) return false
    return args.some((argument) => wanted.some((one) => argument === one || argument.startsWith(`${one}=`)))
  })
}

function argumentsOf(pid: number): string[] {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    // Spaces inside arguments are lost here, which can only make one word into several.
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8', timeout: psMs })
      .trim()
      .split(/\s+/)
  } catch {
    return []
  }
}

/** Whether one of the nearest processes reads and writes a terminal. True where the system does not tell. */
export function isOnTerminal(pids: readonly number[]): boolean {
  if (process.platform !== 'linux') return true
  return pids.slice(0, looked).some((pid) => [0, 1].every((fd) => isTerminal(pid, fd)))
}

function isTerminal(pid: number, fd: number): boolean {
  try {
    return /^\/dev\/(?:pts\/|tty)/.test(readlinkSync(`/proc/${pid}/fd/${fd}`))
  } catch {
    return false
  }
}
