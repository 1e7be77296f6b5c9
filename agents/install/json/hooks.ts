import { isDeepStrictEqual } from 'node:util'
import { hookEvents, type HookedId, type HookKind, type HookTable } from '../hook-events.ts'
import { hookCommand, type Machine } from '../machine.ts'
import { isOwnHook } from '../own.ts'
import type { Part } from '../part.ts'
import type { Change } from './change.ts'
import { jsonPart, valueAt, type JsonText } from './json-part.ts'
import type { Dialect } from './syntax.ts'

type Hook = Readonly<Record<string, unknown>>

/**
 * Our hooks, beside those of others: always after them, because an assistant may know a hook that was
 * trusted by its place in the list (Codex does).
 */
export function jsonHooks(assistant: HookedId, dialect: Dialect, machine: Machine): Part {
  const table: HookTable = hookEvents[assistant]
  const isOwn = (hook: unknown): boolean => isOwnHook((hook as Hook | null)?.['command'], assistant)
  return jsonPart(dialect, {
    additions: (document) =>
      Object.entries(table.events).flatMap(([event, kinds]) => additionsAt(document, event, wantedAt(event, kinds))),
    cuts: (document) => Object.keys(membersAt(document)).flatMap((event) => cutsAt(document, event)),
  })

  /** The elements that belong at an event. */
  function wantedAt(event: string, kinds: readonly HookKind[]): readonly Hook[] {
    const hooks = kinds.map((kind) => ({
      ...table.hook[kind]?.(hookCommand(machine, assistant, kind)),
      ...table.atEvent?.[event],
    }))
    const matcher = table.matchers?.[event]
    return table.shape === 'flat' ? hooks : [{ ...(matcher !== undefined && { matcher }), hooks }]
  }

  function additionsAt(document: JsonText, event: string, wanted: readonly Hook[]): Change[] {
    const path = ['hooks', event]
    const present = elementsAt(document, event)
    const own = present.flatMap((element, index) => (hooksIn(element).some(isOwn) ? [{ element, index }] : []))
    if (
      isDeepStrictEqual(
        own.map(({ element }) => element),
        wanted,
      )
    )
      return []
    const isInPlace = own.length === wanted.length && own.every(({ element }) => hooksIn(element).every(isOwn))
    if (isInPlace) return own.map(({ index }, at) => ({ kind: 'set', path: [...path, index], value: wanted[at] }))
    return [...cutsAt(document, event), ...wanted.map((value): Change => ({ kind: 'append', path, value }))]
  }

  /** From the last to the first, so that no place changes before its turn. */
  function cutsAt(document: JsonText, event: string): Change[] {
    const removals = elementsAt(document, event).flatMap((element, index): Change[] => {
      const hooks = hooksIn(element)
      if (!hooks.some(isOwn)) return []
      const path = ['hooks', event, index]
      if (hooks.every(isOwn)) return [{ kind: 'remove', path }]
      const places = hooks.flatMap((hook, at) => (isOwn(hook) ? [at] : []))
      return places.map((at): Change => ({ kind: 'remove', path: [...path, 'hooks', at] }))
    })
    return removals.toReversed()
  }

  function hooksIn(element: unknown): readonly unknown[] {
    if (table.shape === 'flat') return [element]
    const hooks = (element as Hook | null)?.['hooks']
    return Array.isArray(hooks) ? hooks : []
  }
}

function membersAt(document: JsonText): Readonly<Record<string, unknown>> {
  const members = valueAt(document, ['hooks'])
  return typeof members === 'object' && members !== null && !Array.isArray(members) ? { ...members } : {}
}

function elementsAt(document: JsonText, event: string): readonly unknown[] {
  const elements = valueAt(document, ['hooks', event])
  return Array.isArray(elements) ? elements : []
}
