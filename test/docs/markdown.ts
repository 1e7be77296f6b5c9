import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The repository. */
export const root = join(import.meta.dirname, '../..')

/** What a page has a test do, in the order of the page: told by HTML comments, which its readers do not see. */
export type Step =
  /** Lines for a shell, each of which ends with that code. */
  | { readonly kind: 'run'; readonly line: number; readonly commands: readonly string[]; readonly code: number }
  /** Lines that the commands before have printed; "…" stands for anything. */
  | { readonly kind: 'prints'; readonly line: number; readonly texts: readonly string[] }
  /** A file that is there from then on. */
  | { readonly kind: 'file'; readonly line: number; readonly name: string; readonly content: string }

interface Block {
  readonly language: string
  readonly line: number
  readonly lines: readonly string[]
}

export interface Page {
  /** From the repository. */
  readonly path: string
  readonly blocks: readonly Block[]
  readonly steps: readonly Step[]
  /** Where its links lead. */
  readonly links: readonly { readonly line: number; readonly target: string }[]
  /** What is set like `this` in its text. */
  readonly spans: readonly { readonly line: number; readonly text: string }[]
  readonly anchors: ReadonlySet<string>
}

/** Every Markdown file of the repository. */
export function readPages(): Page[] {
  return globSync('**/*.md', { cwd: root, exclude: ['**/node_modules', 'dist'] })
    .toSorted()
    .map((path) => readPage(path, readFileSync(join(root, path), 'utf8')))
}

/** Exported for its own test. Throws for a directive that is none, or that stands before nothing. */
export function readPage(path: string, text: string): Page {
  const blocks: Block[] = []
  const steps: Step[] = []
  const prose: { line: number; text: string }[] = []
  const lines = text.split('\n')
  let directive: Directive | undefined
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]!
    const comment = line.startsWith('<!--') ? take(lines, index, /-->\s*$/) : undefined
    const fence = /^\s*(`{3,})(.*)$/.exec(line)
    if (comment) {
      const found = directiveOf(comment.join('\n').replaceAll(/^<!--\s*|\s*-->\s*$/g, ''))
      if (found && 'commands' in found) steps.push({ kind: 'run', line: index + 1, ...found })
      else directive = found ?? directive
      index += comment.length - 1
    } else if (fence) {
      const inside = take(lines, index + 1, new RegExp(`^\\s*${fence[1]}\\s*$`))
      const block = { language: fence[2]!.trim(), line: index + 1, lines: inside.slice(0, -1) }
      blocks.push(block)
      if (directive) steps.push(stepOf(directive, block))
      directive = undefined
      index += inside.length
    } else {
      if (directive && line.trim() !== '') throw new Error(`${path}:${index + 1}: no block follows "${directive.kind}"`)
      prose.push({ line: index + 1, text: line })
    }
  }
  return { path, blocks, steps, links: linksIn(prose), spans: spansIn(prose), anchors: anchorsOf(prose) }
}

type Directive =
  | { readonly kind: 'run'; readonly code: number }
  | { readonly kind: 'prints' }
  | { readonly kind: 'file'; readonly name: string }

/** `run`, `run: code 5`, `prints`, `file: name`; with lines below the first, `run` brings its own commands. */
function directiveOf(comment: string): Directive | { commands: readonly string[]; code: number } | undefined {
  const [head = '', ...commands] = comment.split('\n')
  const [, kind, rest = ''] = /^(run|prints|file)(?::\s*(.*))?$/.exec(head.trim()) ?? []
  if (kind === 'prints') return { kind }
  if (kind === 'file') return { kind, name: rest }
  if (kind === undefined) return undefined
  const code = Number(/^(?:code (\d+))?$/.exec(rest)?.[1] ?? (rest === '' ? 0 : Number.NaN))
  if (Number.isNaN(code)) throw new Error(`"${head}" is not understood`)
  return commands.length > 0 ? { commands: whole(commands), code } : { kind: 'run', code }
}

function stepOf(directive: Directive, { line, lines }: Block): Step {
  switch (directive.kind) {
    case 'run':
      return { ...directive, line, commands: whole(lines) }
    case 'prints':
      return { ...directive, line, texts: lines.filter((text) => text.trim() !== '') }
    case 'file':
      return { ...directive, line, content: `${lines.join('\n')}\n` }
  }
}

/** Command lines: those that end with a backslash go on. Remarks are none. */
function whole(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
}

/** The lines from one on, up to and with the first that fits. */
function take(lines: readonly string[], from: number, end: RegExp): string[] {
  const length = lines.slice(from).findIndex((line) => end.test(line))
  return lines.slice(from, length === -1 ? lines.length : from + length + 1)
}

type Prose = readonly { readonly line: number; readonly text: string }[]

function linksIn(prose: Prose): Page['links'] {
  return prose.flatMap(({ line, text }) => {
    const bare = text.replaceAll(/`[^`]*`/g, '``')
    const inline = [...bare.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)]
    const reference = [...bare.matchAll(/^\[[^\]]+\]:\s*<?([^\s>]+)/g)]
    return [...inline, ...reference].map(([, target = '']) => ({ line, target }))
  })
}

function spansIn(prose: Prose): Page['spans'] {
  return prose.flatMap(({ line, text }) =>
    [...text.matchAll(/(?<!`)`([^`]+)`(?!`)/g)].map(([, span = '']) => ({ line, text: span })),
  )
}

/** As GitHub makes them of headings; a second one of the same text gets a number. */
function anchorsOf(prose: Prose): Set<string> {
  const anchors = new Set<string>()
  for (const { text } of prose) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(text)?.[1]
    if (heading === undefined) continue
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-')
    let anchor = slug
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`
    anchors.add(anchor)
  }
  return anchors
}
