import process from 'node:process'
import { readSettings } from '../client/settings.ts'
import { ancestors } from '../local/ancestors.ts'
import { hookedAssistants, type HookedAssistant } from './assistants.ts'

/** Milliseconds after which a hook gives up: the mail waits for another route, the person does not. */
const deadlineMs = 1_000

/**
 * What `bellhop hook ASSISTANT [wake|monitor]` does. It fails open: whatever goes wrong, it says nothing and
 * ends with code 0, so that the assistant goes on as if it were not there.
 */
export async function runHook([assistant, mode]: readonly string[]): Promise<void> {
  process.on('uncaughtException', () => process.exit(0))
  const hooked = hookedAssistants[assistant ?? '']
  if (!hooked || assistant === undefined) return explain()
  const place = { home: readSettings(process.env).home, ancestors: above(hooked) }
  if (mode === 'wake') await (await import('./wake.ts')).waitForBell(assistant, hooked, place)
  else if (mode === 'monitor') await (await import('./monitor.ts')).monitorBell(assistant, place)
  else await (await import('./show.ts')).showMail(assistant, hooked, place, deadlineMs)
}

function above({ owner }: HookedAssistant): readonly number[] {
  const told = owner?.(process.env)
  return told === undefined ? ancestors() : [told]
}

/** Somebody typed it, or an installation is broken: only a person reads this. */
function explain(): void {
  const known = Object.keys(hookedAssistants).join(', ')
  process.stderr.write(
    `bellhop hook is called by the hooks of an assistant: bellhop hook ASSISTANT, one of ${known}.\n` +
      'bellhop install ASSISTANT --hooks sets them up.\n',
  )
}
