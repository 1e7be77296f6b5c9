import { Command, InvalidArgumentError } from 'commander'

export interface Options {
  readonly quick: boolean
  readonly runs?: number
  readonly only?: readonly string[]
  readonly peers?: readonly string[]
  readonly folder?: string
  readonly out?: string
}

/** The command line. Exits by itself for `--help` and for what does not fit. */
export function readOptions(argv: readonly string[], scenarios: readonly string[], peers: readonly string[]): Options {
  return new Command('bench')
    .description(
      'Measures the hub beside other servers, and writes test/bench/RESULTS.md where all of it was measured.',
    )
    .option('--quick', 'one short run of each, to see that everything works; writes nothing', false)
    .option('--runs <count>', 'runs of each contender', countOf)
    .option('--only <scenarios>', `separated by commas: ${scenarios.join(', ')}`, listOf(scenarios))
    .option('--peers <peers>', `separated by commas: ${peers.join(', ')}`, listOf(peers))
    .option('--folder <folder>', 'an existing folder on a disk for what the servers store')
    .option(
      '--out <folder>',
      'an existing folder for page, plots and raw figures; default: test/bench, after a full run',
    )
    .parse([...argv])
    .opts<Options>()
}

function countOf(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > 100) throw new InvalidArgumentError('It must be 1 to 100.')
  return count
}

function listOf(known: readonly string[]) {
  return (text: string): string[] => {
    const names = text.split(',').map((name) => name.trim())
    const unknown = names.filter((name) => !known.includes(name))
    if (unknown.length > 0)
      throw new InvalidArgumentError(`Not known: ${unknown.join(', ')}. Known: ${known.join(', ')}.`)
    return names
  }
}
