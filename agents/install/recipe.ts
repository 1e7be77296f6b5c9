import type { Machine } from './machine.ts'
import { combine, type Part } from './part.ts'

/** What a file is to us: said in records, so that a file is known again where its place has changed. */
export type Role = 'registration' | 'hooks'

export interface ConfigFile {
  readonly role: Role
  readonly path: string
  readonly part: Part
}

/** The assistant's own word on what is installed, given on a copy: to list servers, some rewrite their file. */
export interface Proof {
  readonly program: string
  readonly args: readonly string[]
  /** The file to copy. */
  file(machine: Machine): string
  /** Names the folder that the program looks in. */
  readonly variable: string
  /** Where in that folder the program looks for the file, by the file's own name. */
  readonly place: string
  /** Makes the program trust where it runs. Then that is the folder of the copy: nobody else's files are there to be trusted. */
  readonly trust?: Readonly<Record<string, string>>
}

/** How one assistant is set up. */
export interface Recipe {
  registration(machine: Machine): ConfigFile
  /** Left out: it has no hooks that a user can install for all projects. */
  hooks?(machine: Machine): ConfigFile
  readonly proof?: Proof
  /** Whether it has Bellhop in another way, beside its files: as a plugin of its own kind. */
  hasPlugin?(machine: Machine): boolean
  /** What a person has to know afterwards, with hooks. */
  readonly hookNote?: string
}

/** A file with everything that goes into it. */
export interface Setup {
  readonly path: string
  readonly roles: readonly Role[]
  readonly part: Part
}

/** The files of an assistant, each once. */
export function setupsOf(recipe: Recipe, machine: Machine, roles: readonly Role[]): Setup[] {
  const files = filesOf(recipe, machine).filter(({ role }) => roles.includes(role))
  return [...Map.groupBy(files, ({ path }) => path)].map(([path, held]) => ({
    path,
    roles: held.map(({ role }) => role),
    part: combine(held.map(({ part }) => part)),
  }))
}

/** What goes into a file of these roles, wherever it is. */
export function partOf(recipe: Recipe, machine: Machine, roles: readonly Role[]): Part {
  const files = filesOf(recipe, machine).filter(({ role }) => roles.includes(role))
  return combine(files.map(({ part }) => part))
}

function filesOf(recipe: Recipe, machine: Machine): ConfigFile[] {
  const hooks = recipe.hooks?.(machine)
  return [recipe.registration(machine), ...(hooks ? [hooks] : [])]
}
