/** How a command ended, for scripts. */
export const exitCodes = {
  done: { code: 0, meaning: 'done, or there was nothing to do' },
  failed: { code: 1, meaning: 'it failed or was refused; the message says what to do' },
  usage: { code: 2, meaning: 'wrong use: see --help' },
  declined: { code: 3, meaning: 'nothing was changed, because the person said no' },
  unasked: { code: 4, meaning: 'nothing was changed: there is no terminal to ask at, and no --yes' },
  blocked: { code: 5, meaning: 'nothing was changed: a file has to be looked at by hand first' },
  unreachable: { code: 6, meaning: 'no hub could be reached; nothing was sent' },
  unconfirmed: { code: 7, meaning: 'the hub has not confirmed it: it may have happened' },
  late: { code: 8, meaning: 'the time is over: no message, no answer' },
  unclear: { code: 9, meaning: 'nothing was done: it is not clear what was meant, or who you are' },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>

export type Ending = keyof typeof exitCodes

export function describeExitCodes(): string {
  const rows = Object.values(exitCodes).map(({ code, meaning }) => `  ${code}  ${meaning}`)
  return ['Exit codes:', ...rows].join('\n')
}
