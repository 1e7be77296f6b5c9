/** Numbers in [0, 1) that the same seed brings again. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** SEED, to run a failure again, or a new one. */
export function chooseSeed(): number {
  return Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
}
