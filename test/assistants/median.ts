/** The middle one of three measurements, one after the other. */
export async function medianOf(measure: () => Promise<number>): Promise<number> {
  const times = [await measure(), await measure(), await measure()]
  return times.toSorted((one, other) => one - other)[1]!
}
