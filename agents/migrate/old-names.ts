import { AgentName, nameKey, reservedNames } from '../../protocol/index.ts'
import type { OldDatabase } from './old-database.ts'
import { instantOf } from './old-time.ts'

export interface Rename {
  readonly from: AgentName
  readonly to: AgentName
  readonly at: number
}

/** Somebody who is known there, by the present name. */
export interface OldAgent {
  readonly name: AgentName
  readonly lastSeenAt: number
  /** Oldest first. */
  readonly former: readonly { readonly name: AgentName; readonly leftAt: number }[]
}

export interface OldNames {
  readonly agents: readonly OldAgent[]
  readonly left: readonly { readonly what: string; readonly why: string }[]
  readonly remarks: readonly { readonly what: string; readonly remark: string }[]
  /** Who has the mail now that was sent to `name` at `at`, or the name that its sender has now. */
  carrierOf(name: AgentName, at: number): AgentName
}

/** A name that can be used here, or why it cannot. */
export function checkName(value: unknown): { readonly name: AgentName } | { readonly why: string } {
  const checked = AgentName.safeParse(value)
  if (!checked.success) return { why: `${quote(value)} is no valid name here` }
  if (reservedNames.includes(nameKey(checked.data))) return { why: `the name "${checked.data}" is reserved here` }
  return { name: checked.data }
}

/** Who is known there, and what became of names that were changed. Case is ignored, as everywhere here. */
export function readNames({ instances, renames: history }: Pick<OldDatabase, 'instances' | 'renames'>): OldNames {
  const left: { what: string; why: string }[] = []
  const remarks: { what: string; remark: string }[] = []
  const renames = history.flatMap((row): Rename[] => {
    const [from, to] = [checkName(row.from), checkName(row.to)]
    const at = instantOf(row.at)
    if ('name' in from && 'name' in to && at !== undefined) return [{ from: from.name, to: to.name, at }]
    const why = 'why' in from ? from.why : 'why' in to ? to.why : 'its time cannot be read'
    left.push({ what: `the rename of ${quote(row.from)} to ${quote(row.to)}`, why })
    return []
  })
  const seen = new Map<string, { name: AgentName; lastSeenAt: number }>()
  for (const instance of instances) {
    const checked = checkName(instance.name)
    if ('why' in checked) {
      left.push({ what: `the name ${quote(instance.name)}`, why: checked.why })
      continue
    }
    const same = seen.get(nameKey(checked.name))
    if (same) remarks.push({ what: `the name "${checked.name}"`, remark: `it is one here with "${same.name}"` })
    keepNewest(seen, checked.name, instantOf(instance.lastSeen) ?? 0)
  }
  const present = leaveOldNames(seen, renames)
  const carrierOf = followRenames(new Set(present.keys()), renames)
  const agents = [...present.values()].map((agent) => ({ ...agent, former: formerOf(agent.name, present, renames) }))
  return { agents, left, remarks, carrierOf }
}

/** Whoever was renamed after it was seen last goes by the new name, whether or not that was noted there. */
function leaveOldNames(
  seen: ReadonlyMap<string, { name: AgentName; lastSeenAt: number }>,
  renames: readonly Rename[],
): Map<string, { name: AgentName; lastSeenAt: number }> {
  const present = new Map<string, { name: AgentName; lastSeenAt: number }>()
  const follow = followRenames(new Set(seen.keys()), renames)
  for (const { name, lastSeenAt } of seen.values()) {
    const isLeft = renames.some(({ from, at }) => nameKey(from) === nameKey(name) && at >= lastSeenAt)
    keepNewest(present, isLeft ? follow(name, lastSeenAt) : name, lastSeenAt)
  }
  return present
}

function keepNewest(
  known: Map<string, { name: AgentName; lastSeenAt: number }>,
  name: AgentName,
  lastSeenAt: number,
): void {
  const before = known.get(nameKey(name))
  known.set(nameKey(name), { name: before?.name ?? name, lastSeenAt: Math.max(lastSeenAt, before?.lastSeenAt ?? 0) })
}

/**
 * From a name at a time along the renames that came after it. Where there was none, and nobody has the name
 * now, along the last one before it: the mail came late. No rename counts twice, so circles end.
 */
function followRenames(present: ReadonlySet<string>, renames: readonly Rename[]): OldNames['carrierOf'] {
  const byName = Map.groupBy(
    renames.toSorted((a, b) => a.at - b.at),
    ({ from }) => nameKey(from),
  )
  return function carrierOf(name, at) {
    const used = new Set<Rename>()
    let current = name
    let time = at
    for (;;) {
      const open = (byName.get(nameKey(current)) ?? []).filter((rename) => !used.has(rename))
      const later = open.find((rename) => rename.at >= time)
      const next = later ?? (present.has(nameKey(current)) ? undefined : open.at(-1))
      if (!next) return current
      used.add(next)
      current = next.to
      time = Math.max(time, next.at)
    }
  }
}

/** The chain of names that nobody else has, back from the present one. */
function formerOf(
  name: AgentName,
  present: ReadonlyMap<string, unknown>,
  renames: readonly Rename[],
): OldAgent['former'] {
  const former: { name: AgentName; leftAt: number }[] = []
  let current = name
  let before = Infinity
  for (;;) {
    const last = renames
      .filter(({ from, to, at }) => nameKey(to) === nameKey(current) && at <= before && nameKey(from) !== nameKey(to))
      .reduce<Rename | undefined>((newest, rename) => (newest && newest.at >= rename.at ? newest : rename), undefined)
    const isKnown = former.some((known) => nameKey(known.name) === nameKey(last?.from ?? ''))
    if (!last || isKnown || present.has(nameKey(last.from))) return former
    former.unshift({ name: last.from, leftAt: last.at })
    current = last.from
    before = last.at
  }
}

/** What stands there, short, and without what a terminal would obey. */
export function quote(value: unknown): string {
  if (typeof value !== 'string') return value === null ? 'nothing' : `a ${typeof value}`
  const text = value.replaceAll(/\p{Cc}/gu, '?')
  return `"${text.length > 40 ? `${text.slice(0, 39)}…` : text}"`
}
