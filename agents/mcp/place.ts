import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nanoid } from 'nanoid'
import { z } from 'zod'
import { AgentName } from '../../protocol/index.ts'

const Memory = z.object({ name: AgentName })

/**
 * Remembers the name that this kind of assistant used last in this folder, so that a new session can be
 * told. It is a hint: losing it costs one question.
 */
export class Place {
  readonly #home: string
  readonly #cwd: string
  readonly #assistant: () => string

  /** `assistant`: the MCP client's name, known after initialize. */
  constructor(home: string, cwd: string, assistant: () => string) {
    this.#home = home
    this.#cwd = cwd
    this.#assistant = assistant
  }

  async lastName(): Promise<string | undefined> {
    try {
      return Memory.parse(JSON.parse(await readFile(this.#file(), 'utf8'))).name
    } catch {
      return undefined
    }
  }

  async remember(name: string): Promise<void> {
    const file = this.#file()
    const fresh = `${file}.${nanoid(8)}`
    try {
      await mkdir(join(this.#home, 'places'), { recursive: true, mode: 0o700 })
      await writeFile(fresh, JSON.stringify({ name }), { mode: 0o600, flag: 'wx' })
      await rename(fresh, file)
    } catch {
      // A home that cannot be written must not fail a registration that succeeded.
    }
  }

  #file(): string {
    const hash = createHash('sha256').update(`${this.#cwd}\0${this.#assistant()}`).digest('hex')
    return join(this.#home, 'places', `${hash}.json`)
  }
}
