// Loaded into a hub before its own code: a computer whose clock somebody sets. Each SIGUSR2 sets it to the next of
// these, and standard output says so.
const day = 24 * 3_600_000
const settings = [day, 0, -day, 0]
let offset = 0
const now = Date.now
Date.now = () => now() + offset
process.on('SIGUSR2', () => {
  offset = settings.shift() ?? 0
  process.stdout.write(`the clock is ${offset / 3_600_000} hours ahead\n`)
})
