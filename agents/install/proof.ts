import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { stripVTControlCharacters } from 'node:util'
import type { Proof } from './recipe.ts'

/** Milliseconds that an assistant may take to list its servers: it starts each of them. */
const proofMs = 30_000

/** How a program ended that was run for its output. */
export type Ran =
  | { readonly kind: 'absent' }
  | { readonly kind: 'late' }
  | { readonly kind: 'ended'; readonly output: string }

export type RunProgram = (program: string, args: readonly string[]) => Promise<Ran>

export interface Verdict {
  readonly isGood: boolean
  readonly text: string
}

/** What the assistant itself says about its servers. It never undoes anything: a list can fail for many reasons. */
export async function prove({ program, args }: Proof, run: RunProgram): Promise<Verdict> {
  const command = [program, ...args].join(' ')
  const ran = await run(program, args)
  switch (ran.kind) {
    case 'absent':
      return { isGood: true, text: `Not proven: ${program} is not on the PATH. Where it is, ${command} shows bellhop.` }
    case 'late':
      return warn(`${command} has not ended within ${proofMs / 1000} seconds. Run it by hand and look for bellhop.`)
    case 'ended': {
      const lines = stripVTControlCharacters(ran.output).split(/\r?\n/)
      // As a word: a folder on the way to something else may be called so.
      const line = lines.find((text) => /(?:^|\s)bellhop(?::|\s|$)/.test(text))?.trim()
      if (line === undefined) return warn(`${command} does not show bellhop. Run it by hand to see why.`)
      if (/fail|✗|✘|disconnected/i.test(line)) return warn(`${command} says: ${line}`)
      return { isGood: true, text: `Proven: ${command} says: ${line}` }
    }
  }
}

function warn(text: string): Verdict {
  return { isGood: false, text: `Warning: ${text}` }
}

/** Runs a program of the PATH, without input, for both of its outputs. */
export const runProgram: RunProgram = async (program, args) => {
  const isWindows = process.platform === 'win32'
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: isWindows, windowsHide: true })
  const output: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk))
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
    // Its own children may still hold the pipes.
    for (const stream of [child.stdout, child.stderr]) stream.destroy()
  }, proofMs)
  try {
    await once(child, 'close')
    return isLate ? { kind: 'late' } : { kind: 'ended', output: Buffer.concat(output).toString() }
  } catch {
    return { kind: 'absent' }
  } finally {
    clearTimeout(timer)
  }
}
