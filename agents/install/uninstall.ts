import type { Machine } from './machine.ts'
import type { Part } from './part.ts'
import type { Plan, PlannedFile } from './plan.ts'
import { inFile } from './problem.ts'
import { partOf, setupsOf, type Recipe } from './recipe.ts'
import type { FileRecord, Records } from './record.ts'
import { hashOf, readSnapshot, textOf, type Snapshot } from './snapshot.ts'

interface Undoing {
  readonly file: PlannedFile
  readonly remark?: string
}

/**
 * What has to change so that nothing of Bellhop is left: files that nobody touched since are put back
 * as they were, and from the others only what is ours is cut. Throws `InstallProblem`; changes nothing.
 */
export function planUninstall(recipe: Recipe, machine: Machine, records: Records): Plan {
  const known = records.read()
  const paths = new Set(known.map(({ path }) => path))
  const undoings = [
    ...known.map((record) => undoRecorded(recipe, machine, records, record)),
    ...setupsOf(recipe, machine, ['registration', 'hooks'])
      .filter(({ path }) => !paths.has(path))
      .map((setup) => undoUnrecorded(readSnapshot(setup.path), setup.part)),
  ].filter((undoing) => undoing !== undefined)
  return {
    files: undoings.map(({ file }) => file),
    remarks: undoings.flatMap(({ remark }) => remark ?? []),
    record: undefined,
    folders: [...new Set(known.flatMap(({ folders }) => folders))].toSorted((a, b) => a.length - b.length),
  }
}

function undoRecorded(recipe: Recipe, machine: Machine, records: Records, record: FileRecord): Undoing | undefined {
  const { path, made } = record
  const snapshot = readSnapshot(path)
  const before = record.before === undefined ? undefined : records.copy(record.before)
  if (!snapshot.bytes || hashOf(snapshot.bytes) === hashOf(before)) return undefined
  const part = partOf(recipe, machine, record.roles)
  if (hashOf(snapshot.bytes) === record.after) {
    const text = textOf({ path, bytes: before })
    const isLeft = inFile(path, () => part.cut(text, []) !== text)
    return {
      file: { snapshot, after: before },
      ...(isLeft && {
        remark: `${path}: Bellhop was in it before it was installed so; that is left. Uninstall once more to remove it.`,
      }),
    }
  }
  const text = textOf(snapshot)
  const cut = inFile(path, () => part.cut(text, made))
  if (cut === text) return undefined
  const isGone = before === undefined && part.isBare(cut)
  return {
    file: { snapshot, after: isGone ? undefined : Buffer.from(cut) },
    remark: `${path} was changed since the installation: only what is Bellhop's is taken out.`,
  }
}

function undoUnrecorded(snapshot: Snapshot, part: Part): Undoing | undefined {
  if (!snapshot.bytes) return undefined
  const text = textOf(snapshot)
  // Lists that held only ours mean nothing to anybody, whoever made them.
  const cut = inFile(snapshot.path, () => part.cut(text, part.made('')))
  if (cut === text) return undefined
  return {
    file: { snapshot, after: cut === '' ? undefined : Buffer.from(cut) },
    remark: `${snapshot.path}: there is no record of an installation, so that only what is Bellhop's is taken out.`,
  }
}
