import { expect, test } from 'vitest'
import { fitPage, pageBytes } from '../../../hub/rules/page.ts'

test('rows are left out where they would not fit into a frame, and one always goes', () => {
  const row = 'x'.repeat(10_000)
  const page = fitPage(
    Array.from({ length: 100 }, () => row),
    false,
  )
  expect(page.rows.length).toBe(Math.floor(pageBytes / 10_002))
  expect(page.more).toBe(true)
  expect(fitPage(['x'.repeat(pageBytes * 2)], false)).toMatchObject({ more: false, rows: { length: 1 } })
  expect(fitPage([row], true).more).toBe(true)
})
