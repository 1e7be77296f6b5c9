import type { Address } from '../driver.ts'
import { openDriver, type DriverName } from '../drivers/index.ts'
import { percentile } from '../measuring/statistics.ts'

export interface SendInTurnsInput {
  readonly driver: DriverName
  /** The servers, in turn; the first is what the other is compared with. */
  readonly addresses: readonly [Address, Address]
  readonly warmUps: number
  readonly sends: number
  readonly bodyBytes: number
}

/** Milliseconds from a send to its answer on each of them: median and 99th percentile. */
export type SendInTurnsOutput = readonly { readonly p50: number; readonly p99: number }[]

/** One send at a time, to the one server and then to the other: what the machine does meanwhile happens to both. */
export async function sendInTurns(input: SendInTurnsInput): Promise<SendInTurnsOutput> {
  const lines = await Promise.all(
    input.addresses.map(async (address) => {
      const driver = await openDriver(input.driver, address)
      const recipient = await driver.join('beside-recipient', () => undefined)
      return { recipient, sender: await driver.join('beside-sender', () => undefined), took: [] as number[] }
    }),
  )
  const body = 'x'.repeat(input.bodyBytes)
  for (let round = -input.warmUps; round < input.sends; round += 1) {
    for (const { sender, took } of lines) {
      const begin = performance.now()
      await sender.send('beside-recipient', body)
      if (round >= 0) took.push(performance.now() - begin)
    }
  }
  await Promise.all(lines.flatMap(({ recipient, sender }) => [recipient.leave(), sender.leave()]))
  return lines.map(({ took }) => ({ p50: percentile(took, 0.5), p99: percentile(took, 0.99) }))
}
