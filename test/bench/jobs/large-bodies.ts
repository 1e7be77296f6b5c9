import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Address } from '../driver.ts'
import { openDriver, type DriverName } from '../drivers/index.ts'
import { percentile } from '../measuring/statistics.ts'

export interface LargeBodiesInput {
  readonly driver: DriverName
  readonly address: Address
  readonly bytes: number
  readonly warmUps: number
  readonly messages: number
  /** A folder on the disk that the servers use. */
  readonly folder: string
}

export interface LargeBodiesOutput {
  /** Milliseconds from the send until its recipient has all of the body, at the median. */
  readonly p50: number
  /** Milliseconds to write as many bytes to a file, sync it, and read it back, at the median. */
  readonly diskMs: number
}

/** One message at a time; each body is another one, and has to arrive as it was sent. */
export async function largeBodies(input: LargeBodiesInput): Promise<LargeBodiesOutput> {
  const driver = await openDriver(input.driver, input.address)
  const arrived = { body: Promise.withResolvers<string>() }
  const recipient = await driver.join('recipient', (body) => arrived.body.resolve(body))
  const sender = await driver.join('sender', () => undefined)
  const took: number[] = []
  const disk: number[] = []
  for (let round = -input.warmUps; round < input.messages; round += 1) {
    const body = textOf(input.bytes)
    arrived.body = Promise.withResolvers<string>()
    const begin = performance.now()
    await sender.send('recipient', body)
    const received = await arrived.body.promise
    const ms = performance.now() - begin
    if (received !== body) throw new Error(`another body arrived, of ${received.length} characters`)
    const file = fileMs(join(input.folder, 'body'), body)
    if (round < 0) continue
    took.push(ms)
    disk.push(file)
  }
  await Promise.all([recipient.leave(), sender.leave()])
  return { p50: percentile(took, 0.5), diskMs: percentile(disk, 0.5) }
}

/** So many bytes of text that nothing could make smaller. */
function textOf(bytes: number): string {
  return randomBytes(Math.ceil((bytes * 3) / 4))
    .toString('base64url')
    .slice(0, bytes)
}

function fileMs(path: string, body: string): number {
  const bytes = Buffer.from(body)
  const begin = performance.now()
  const file = openSync(path, 'w')
  try {
    for (let at = 0; at < bytes.byteLength;) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  readFileSync(path)
  const ms = performance.now() - begin
  rmSync(path)
  return ms
}
