import type { Machine } from './machine.ts'
import { inFile } from './problem.ts'
import { setupsOf, type Recipe, type Role } from './recipe.ts'
import { readSnapshot, textOf } from './snapshot.ts'

/** Whether a file of an assistant holds what an installation of today would put there. */
export type Presence = 'absent' | 'current' | 'outdated'

/** Looks, and changes nothing. Throws `InstallProblem` for a file that cannot be read. */
export function presenceOf(recipe: Recipe, machine: Machine, role: Role): Presence {
  const states = setupsOf(recipe, machine, [role]).map(({ path, part }): Presence => {
    const text = textOf(readSnapshot(path))
    return inFile(path, () => {
      if (part.cut(text, []) === text) return 'absent'
      return part.add(text) === text ? 'current' : 'outdated'
    })
  })
  return states[0] ?? 'absent'
}
