/** `FAULTS=long`: more positions, more damage, more rounds than CI has time for. */
export const long = process.env['FAULTS'] === 'long'
