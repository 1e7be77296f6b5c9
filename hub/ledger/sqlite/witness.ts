import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const Witness = z.object({ epoch: z.string(), commits: z.int() })
export type Witness = z.infer<typeof Witness>

/**
 * A note beside the database of how far it had come. A database that has come less far than its witness
 * is an older copy that was put back, and must not go on under the same epoch [D-3].
 */
export function readWitness(file: string): Witness | undefined {
  try {
    return Witness.parse(JSON.parse(readFileSync(witnessFile(file), 'utf8')))
  } catch {
    // Missing or cut off by a crash: nothing is known, and a new epoch is always safe.
    return undefined
  }
}

export function writeWitness(file: string, witness: Witness): void {
  const target = witnessFile(file)
  writeFileSync(`${target}.partial`, JSON.stringify(witness), { mode: 0o600 })
  renameSync(`${target}.partial`, target)
}

/** The path of the note that belongs to a database. */
export function witnessFile(file: string): string {
  return `${file}.witness`
}
