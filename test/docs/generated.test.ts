import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generatedFiles } from './generated.ts'

test.each(generatedFiles())('$path is what the code says (npm run docs writes it anew)', ({ path, content }) => {
  expect(readFileSync(path, 'utf8')).toBe(content)
})
