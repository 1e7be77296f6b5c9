import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { startClient } from '../../support/clients.ts'
import { User } from './user.ts'

/** What a terminal, or the eye, would act on: a cleared screen, another title, a hidden link, an order turned round. */
const evil =
  'red\u001b[31m \u001b[2J\u001b]0;title\u0007\u001b]8;;http://evil.example\u001b\\link \u009b5A \u202etxt.exe\u0000\u0008\r'

test(
  '[S-8] nothing that a peer wrote drives the terminal of who reads it: texts, data, threads, file names',
  { timeout: 120_000 },
  async () => {
    const rose = new User()
    await rose.types('bellhop register rose')
    const { client } = await startClient({ BELLHOP_HOME: rose.home }, 'mallory')
    const blob = await client.upload(randomBytes(20), { mediaType: 'text/plain', fileName: 'a\u202etxt.exe\u{e0041}' })
    await client.send({ to: 'rose', content: evil, data: { [evil]: evil }, thread: 't\u202edaer' })
    await client.send({ to: 'rose', blob: blob.handle })
    await client.send({ to: 'rose', content: `${evil} `.repeat(1_000) })
    const lines = ['check --as rose', 'history --as rose', 'list']
    const said: string[] = []
    for (const line of lines) {
      const { code, output, problem } = await rose.types(`bellhop ${line}`)
      expect([line, code]).toEqual([line, 0])
      said.push(output, problem)
    }
    const text = said.join('')
    expect(text).toContain('mallory')
    expect(text).toContain('link')
    expect(text.match(/[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu) ?? []).toEqual([])
  },
)
