import process from 'node:process'
import { long } from '../setting.ts'

/** One number for CI, another for the long run. */
export function inLength(bounded: number, extended: number): number {
  return long ? extended : bounded
}

/** The seed of a run, printed so that it can be run again: SEED sets it. */
export function chooseSeed(title: string): number {
  const given = process.env['SEED']
  const seed = given === undefined || given === '' ? Math.floor(Math.random() * 0x7fff_ffff) : Number(given)
  if (!Number.isSafeInteger(seed)) throw new Error(`SEED must be a whole number, and is ${given}`)
  report(`${title}: SEED=${seed}`)
  return seed
}

/** A line for whoever reads the run. */
export function report(line: string): void {
  process.stdout.write(`${line}\n`)
}
