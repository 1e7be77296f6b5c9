/** A table of Markdown; cells may hold no line breaks. Columns after the first two are numbers, to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], left = 1): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rule = head.map((_, column) => (column < left ? '---' : '---:'))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}
