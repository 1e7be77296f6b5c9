import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { ownRuntime, runNpm } from './npm.ts'

/** The repository. */
export const root = join(import.meta.dirname, '../..')

/** What the package is made from. */
const sources = [
  '.claude-plugin',
  'agents',
  'docker',
  'hub',
  'protocol',
  'LICENSE',
  'README.md',
  'package.json',
  'tsconfig.json',
]

export interface Package {
  /** Path of the `.tgz`. */
  readonly file: string
  /** Bytes of the file, and of what is in it. */
  readonly size: number
  readonly unpackedSize: number
  readonly paths: readonly string[]
}

/** Builds the package as `npm publish` would, from a copy of the sources, which is gone afterwards. */
export async function buildPackage(destination: string): Promise<Package> {
  const copy = mkdtempSync(join(tmpdir(), 'bellhop-'))
  try {
    for (const name of sources.filter((name) => existsSync(join(root, name)))) {
      cpSync(join(root, name), join(copy, name), {
        recursive: true,
        filter: (path) => !['node_modules', '__pycache__'].includes(basename(path)),
      })
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    mkdirSync(destination, { recursive: true })
    const output = await runNpm(ownRuntime(), ['pack', '--json', '--pack-destination', destination], { cwd: copy })
    // What the build says comes before what npm says.
    const facts = JSON.parse(output.slice(output.search(/^[[{]$/m))) as
      | readonly PackFacts[]
      | Readonly<Record<string, PackFacts>>
    const [packed] = Object.values(facts)
    if (packed === undefined) throw new Error(`npm pack said: ${output}`)
    const { filename, size, unpackedSize, files } = packed
    return { file: join(destination, filename), size, unpackedSize, paths: files.map(({ path }) => path) }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** What `npm pack --json` says. */
interface PackFacts {
  readonly filename: string
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string }[]
}
