import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { runProgramLine } from '../../../agents/cli/program.ts'
import { systemClock } from '../../../agents/client/clock.ts'
import type { AssistantId } from '../../../agents/assistants/index.ts'
import { recipes, type Machine, type RunProgram } from '../../../agents/install/index.ts'
import { setupsOf, type Role } from '../../../agents/install/recipe.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { fakeTerminal, type Answer } from '../../support/terminal.ts'

/** Where this checkout is said to be; another one is where people move it to. */
export const checkout = '/opt/bellhop source'
export const movedCheckout = '/srv/bellhop'

export function programsIn(root: string): Machine['programs'] {
  return {
    node: '/usr/bin/node',
    shim: `${root}/agents/mcp/main.ts`,
    cli: `${root}/agents/cli/main.ts`,
    plugin: `${root}/agents/opencode/plugin.ts`,
  }
}

interface RunOptions {
  /** What the person answers; without it there is no terminal. */
  readonly answer?: () => boolean
  readonly run?: RunProgram
}

/** A user of a machine, with files of their own. */
export class Rig {
  readonly machine: Machine

  constructor(overrides: Partial<Machine> = {}) {
    const folder = temporaryFolder()
    const userFolder = join(folder, 'user')
    mkdirSync(userFolder)
    this.machine = {
      platform: 'linux',
      env: {},
      userFolder,
      home: join(folder, 'home'),
      programs: programsIn(checkout),
      ...overrides,
    }
  }

  /** The same user, with the checkout elsewhere. */
  moved(): Rig {
    return new Rig({ ...this.machine, programs: programsIn(movedCheckout) })
  }

  pathOf(assistant: AssistantId, role: Role): string {
    return setupsOf(recipes[assistant], this.machine, [role])[0]!.path
  }

  put(path: string, content: string | Buffer, mode = 0o644): void {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    chmodSync(path, mode)
  }

  async bellhop(line: string, { answer, run = absent }: RunOptions = {}): Promise<Answer> {
    const { terminal, said } = fakeTerminal(answer ? { answer } : {})
    const world = { terminal, machine: this.machine, run, clock: systemClock, cwd: this.machine.userFolder }
    const code = await runProgramLine(line.split(' '), world)
    return { code, ...said() }
  }

  /** Everything in the user's folder: contents, modes, links, folders. */
  files(): Record<string, string> {
    return treeOf(this.machine.userFolder)
  }
}

export function treeOf(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name)
    const mode = (lstatSync(path).mode & 0o7777).toString(8)
    const content = entry.isDirectory()
      ? 'folder'
      : entry.isSymbolicLink()
        ? `link to ${readlinkSync(path)}`
        : `${mode} ${readFileSync(path, 'latin1')}`
    return [relative(root, path), content] as const
  })
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

const absent: RunProgram = () => Promise.resolve({ kind: 'absent' })
