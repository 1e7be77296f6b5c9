import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { extname } from 'node:path'

/**
 * The hub in this process, with the arguments that are its own. By its place beside us, as the starter of a
 * background hub finds it: agents never import the hub's code.
 */
export async function runOwnHub(words: readonly string[]): Promise<void> {
  const main = fileURLToPath(new URL(`../../hub/main${extname(import.meta.url)}`, import.meta.url))
  process.argv = [process.execPath, main, ...words]
  await import(pathToFileURL(main).href)
}
