import Table from 'cli-table3'
import type { Terminal } from './terminal.ts'

const nothing = ''
/** No lines but the header's: rows are read by eyes, and by `cut` and `awk`. */
const chars = {
  top: nothing,
  'top-mid': nothing,
  'top-left': nothing,
  'top-right': nothing,
  bottom: nothing,
  'bottom-mid': nothing,
  'bottom-left': nothing,
  'bottom-right': nothing,
  left: nothing,
  'left-mid': nothing,
  mid: nothing,
  'mid-mid': nothing,
  right: nothing,
  'right-mid': nothing,
  middle: '  ',
}

/** Rows under headings on a terminal; elsewhere the cells alone, with a tab between them. */
export function writeTable(terminal: Terminal, head: readonly string[], rows: readonly (readonly string[])[]): void {
  if (terminal.columns === undefined) {
    for (const row of rows) terminal.write(`${row.join('\t')}\n`)
    return
  }
  const table = new Table({
    head: head.map((title) => terminal.paint('bold', title)),
    chars,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...rows.map((row) => [...row]))
  terminal.write(`${table.toString().replaceAll(/ +$/gm, '')}\n`)
}
