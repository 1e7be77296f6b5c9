import process from 'node:process'
import { connectToShim } from '../local/link.ts'
import type { HookedAssistant } from './assistants.ts'
import { readPayload } from './input.ts'
import type { Place } from './place.ts'

/** Prints the mail of this conversation in the form of the hook's event, and ends the process with code 0. */
export async function showMail(assistant: string, hooked: HookedAssistant, place: Place, ms: number): Promise<void> {
  setTimeout(() => process.exit(0), ms)
  const { signal } = new AbortController()
  const payload = await readPayload()
  const event = hooked.events[String(payload['hook_event_name'])]
  if (event && !hooked.isUnseen?.(payload)) {
    const session = hooked.session?.(payload)
    const link = await connectToShim({ ...place, assistant, session, cwd: process.cwd(), signal })
    const headless = hooked.isHeadless({ env: process.env, ancestors: place.ancestors, payload })
    const subagentEnded = hooked.endsSubagent?.(payload) ?? false
    const offer = await link?.show({ moment: event.moment, budget: hooked.budget, headless, subagentEnded })
    if (offer) {
      await write(`${JSON.stringify(event.output(offer.text))}\n`)
      await offer.written()
    }
  }
  process.exit(0)
}

/** Resolves when the system has taken the whole text; never where nobody reads it. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.on('error', () => process.exit(0))
    process.stdout.write(text, (error) => {
      if (!error) resolve()
    })
  })
}
