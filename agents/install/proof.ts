import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import process from 'node:process'
import { stripVTControlCharacters } from 'node:util'
import type { Machine } from './machine.ts'
import type { Proof } from './recipe.ts'

/** Milliseconds that an assistant may take to list its servers: it starts each of them. */
const proofMs = 30_000
/** Characters of a program's line that are repeated: its name and its state, but not a row of variables between them. */
const quoteLength = 100
/** How often the copy's removal is tried: on Windows, a program that was just ended may still hold it. */
const removalTries = 5

/** How a program ended that was run for its output. */
export type Ran =
  | { readonly kind: 'absent' }
  | { readonly kind: 'late' }
  | { readonly kind: 'ended'; readonly output: string }

export interface RunOptions {
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

export type RunProgram = (program: string, args: readonly string[], options?: RunOptions) => Promise<Ran>

export interface Verdict {
  readonly isGood: boolean
  readonly text: string
}

/** What the assistant itself says about its servers. It never undoes anything: a list can fail for many reasons. */
export async function prove(proof: Proof, run: RunProgram, machine: Machine): Promise<Verdict> {
  const command = [proof.program, ...proof.args].join(' ')
  try {
    return verdictOn(await runOnCopy(proof, run, machine), proof.program, command)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return warn(`${command} was not tried on a copy: ${reason}. Run it by hand and look for bellhop.`)
  }
}

async function runOnCopy(proof: Proof, run: RunProgram, machine: Machine): Promise<Ran> {
  const { program, args, variable, place, trust } = proof
  const file = proof.file(machine)
  const folder = mkdtempSync(join(tmpdir(), 'bellhop-proof-'))
  try {
    mkdirSync(join(folder, place), { recursive: true })
    if (existsSync(file)) copyFileSync(file, join(folder, place, basename(file)))
    return await run(program, args, { env: { ...trust, [variable]: folder }, ...(trust && { cwd: folder }) })
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: removalTries })
  }
}

function verdictOn(ran: Ran, program: string, command: string): Verdict {
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
      if (/fail|✗|✘|disconnected|\bdisabled\b/i.test(line)) return warn(`${command} says: ${quoted(line)}`)
      return { isGood: true, text: `Proven: ${command} says: ${quoted(line)}` }
    }
  }
}

/** Both ends of a line: the name is at one, the state mostly at the other. */
function quoted(line: string): string {
  const text = line.replaceAll(/\s+/g, ' ')
  const half = quoteLength / 2
  return text.length > quoteLength ? `${text.slice(0, half)} … ${text.slice(-half)}` : text
}

function warn(text: string): Verdict {
  return { isGood: false, text: `Warning: ${text}` }
}

/** Runs a program of the PATH, without input, for both of its outputs. */
export const runProgram: RunProgram = async (program, args, { env, cwd } = {}) => {
  const isWindows = process.platform === 'win32'
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    cwd,
    shell: isWindows,
    windowsHide: true,
  })
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
