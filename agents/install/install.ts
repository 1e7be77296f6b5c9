import type { Machine } from './machine.ts'
import type { Part } from './part.ts'
import type { Copy, Plan, PlannedFile } from './plan.ts'
import { inFile } from './problem.ts'
import { setupsOf, type Recipe, type Role, type Setup } from './recipe.ts'
import { nameOfCopy, type FileRecord, type Records } from './record.ts'
import { hashOf, missingFolders, readSnapshot, textOf, type Snapshot } from './snapshot.ts'

/**
 * What has to change so that an assistant knows Bellhop. Hooks that are there already are kept current
 * also where they are not asked for. Throws `InstallProblem`; changes nothing.
 */
export function planInstall(recipe: Recipe, machine: Machine, records: Records, wish: { hooks: boolean }): Plan {
  const roles: Role[] = wish.hooks || hasHooks(recipe, machine) ? ['registration', 'hooks'] : ['registration']
  const known = records.read()
  const steps = setupsOf(recipe, machine, roles).flatMap((setup) => {
    const snapshot = readSnapshot(setup.path)
    const step = planFile(
      setup,
      snapshot,
      known.find(({ path }) => path === setup.path),
      records,
    )
    return step ? [step] : []
  })
  const replaced = new Set(steps.map(({ record }) => record.path))
  return {
    files: steps.map(({ file }) => file),
    remarks: [],
    record: {
      files: [...known.filter(({ path }) => !replaced.has(path)), ...steps.map(({ record }) => record)],
      copies: steps.flatMap(({ copy }) => copy ?? []),
    },
    folders: [],
  }
}

interface Step {
  readonly file: PlannedFile
  readonly record: FileRecord
  readonly copy: Copy | undefined
}

function planFile(setup: Setup, snapshot: Snapshot, old: FileRecord | undefined, records: Records): Step | undefined {
  const { path, part } = setup
  const text = textOf(snapshot)
  const added = inFile(path, () => part.add(text))
  if (snapshot.bytes && added === text) return undefined
  const after = Buffer.from(added)
  const origin = inFile(path, () => originOf(snapshot, text, part, old, records))
  const made = inFile(path, () => part.made(origin.text))
  return {
    file: { snapshot, after },
    record: {
      path,
      roles: [...new Set([...(old?.roles ?? []), ...setup.roles])],
      ...(origin.bytes && { before: nameOfCopy(path, origin.bytes) }),
      after: hashOf(after) ?? '',
      made: [...origin.made, ...made].map((names) => [...names]),
      folders: [...(old?.folders ?? []), ...missingFolders(snapshot.target)],
    },
    copy: origin.bytes && { path, bytes: origin.bytes },
  }
}

interface Origin {
  /** What is put back in the end: undefined where there was no file. */
  readonly bytes: Buffer | undefined
  readonly text: string
  readonly made: FileRecord['made']
}

/**
 * The file without Bellhop. An earlier installation knows it, if nobody has touched the file since;
 * otherwise it is the file as it is now, less what that installation put in.
 */
function originOf(snapshot: Snapshot, text: string, part: Part, old: FileRecord | undefined, records: Records): Origin {
  if (!old) return { bytes: snapshot.bytes, text, made: [] }
  if (hashOf(snapshot.bytes) === old.after) {
    const bytes = old.before === undefined ? undefined : records.copy(old.before)
    return { bytes, text, made: old.made }
  }
  const cut = part.cut(text, old.made)
  const isGone = snapshot.bytes === undefined || (old.before === undefined && part.isBare(cut))
  return { bytes: isGone ? undefined : Buffer.from(cut), text: cut, made: [] }
}

function hasHooks(recipe: Recipe, machine: Machine): boolean {
  return setupsOf(recipe, machine, ['hooks']).some(({ path, part }) => {
    const text = textOf(readSnapshot(path))
    return inFile(path, () => part.cut(text, []) !== text)
  })
}
