import { expect, test } from 'vitest'
import { writeTable } from '../../../agents/cli/table.ts'
import { fakeTerminal } from '../../support/terminal.ts'

const rows = [
  ['anna', 'online', 'sees it at once'],
  ['bob-with-a-long-name', 'away', 'later'],
]

test('on a terminal, columns stand under their headings, and no line ends in blanks', () => {
  const { terminal, said } = fakeTerminal({ answer: () => true })
  writeTable(terminal, ['NAME', 'STATE', 'HOW'], rows)
  expect(said().output).toBe(
    [
      'NAME                  STATE   HOW',
      'anna                  online  sees it at once',
      'bob-with-a-long-name  away    later',
      '',
    ].join('\n'),
  )
})

test('elsewhere there are the cells alone, with tabs between them', () => {
  const { terminal, said } = fakeTerminal()
  writeTable(terminal, ['NAME', 'STATE', 'HOW'], rows)
  expect(said().output).toBe('anna\tonline\tsees it at once\nbob-with-a-long-name\taway\tlater\n')
})
