/** `FAULTS=long`: more positions, more damage, more rounds than CI has time for. */
export const long = process.env['FAULTS'] === 'long'

/** How many times what CI runs is run over, where that is all that a longer run means; and how much longer it may take. */
export const longFactor = long ? 10 : 1
