import { randomBytes } from 'node:crypto'
import type { Part, TextPart, ToolOutput, UserMessage } from './api.ts'

/** opencode sorts parts by id: "prt_", 12 hexadecimal digits of time, 14 characters of chance. */
const idPattern = /^prt_([0-9a-f]{12})/
const timeDigits = 12
const chanceLength = 14

/** A text for the model behind all parts of a message. */
export function partBehind(parts: readonly Part[], place: { sessionID: string; message: UserMessage; text: string }) {
  const last = parts
    .map(({ id = '' }) => idPattern.exec(id)?.[1] ?? '')
    .reduce((one, other) => (one > other ? one : other), '0')
  const time = (BigInt(`0x${last}`) + 1n).toString(16).padStart(timeDigits, '0')
  const { sessionID, message, text } = place
  return {
    id: `prt_${time}${randomBytes(chanceLength).toString('hex').slice(0, chanceLength)}`,
    sessionID,
    messageID: message.id,
    type: 'text',
    text,
    synthetic: true,
  } satisfies TextPart
}

/** Puts a text behind what a tool has answered. False where that has a shape that we do not know. */
export function appendToOutput(output: ToolOutput, text: string): boolean {
  if (Array.isArray(output.content)) {
    output.content.push({ type: 'text', text })
    return true
  }
  if (typeof output.output !== 'string') return false
  output.output += `\n\n${text}`
  return true
}
