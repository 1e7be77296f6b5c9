import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const page = join(import.meta.dirname, 'page')

/** Where the page is built to, unless somebody says otherwise. */
export const builtPage = join(import.meta.dirname, '../../dist/browser')

/** The files of which the built page consists. */
export const pageFiles = ['index.html', 'page.css', 'page.js'] as const

/** Builds the page into a folder: one module, one style, one document. They can be served from anywhere. */
export async function buildPage(folder: string = builtPage): Promise<void> {
  await mkdir(folder, { recursive: true })
  const bundle = await rolldown({ input: join(page, 'main.ts'), platform: 'browser' })
  try {
    await bundle.write({ file: join(folder, 'page.js'), format: 'esm', minify: true, codeSplitting: false })
  } finally {
    await bundle.close()
  }
  for (const name of ['index.html', 'page.css']) await copyFile(join(page, name), join(folder, name))
}
