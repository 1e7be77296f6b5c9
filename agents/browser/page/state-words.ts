import type { ClientState } from '../../client/portable.ts'

/** The state of the connection as a sentence. */
export function stateWords(state: ClientState, hub: string): string {
  switch (state.kind) {
    case 'idle':
      return 'Not connected.'
    case 'connecting':
      return state.attempt === 1 ? `Connecting to ${hub} …` : `Connecting to ${hub} again …`
    case 'authenticating':
      return 'Page and hub prove themselves …'
    case 'ready':
      return 'Connected, without a name.'
    case 'registered':
      return `Connected as ${state.name}.`
    case 'waiting':
      return 'Not connected; trying again by itself.'
    case 'closed':
      return 'Disconnected.'
  }
}
