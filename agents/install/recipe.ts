import type { Machine } from './machine.ts'
import { combine, type Part } from './part.ts'

/** What a file is to us: said in records, so that a file is known again where its place has changed. */
export type Role = 'registration' | 'hooks'

export interface ConfigFile {
  readonly role: Role
  readonly path: string
  readonly part: Part
}

/** The assistant's own word on what is installed. */
export interface Proof {
  readonly program: string
  readonly args: readonly string[]
}

/** How one assistant is set up. */
export interface Recipe {
  registration(machine: Machine): ConfigFile
  /** Left out: it has no hooks that a user can install for all projects. */
  hooks?(machine: Machine): ConfigFile
  readonly proof?: Proof
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
