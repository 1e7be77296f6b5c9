/**
 * Peers' texts that stand inside a fence in a model's request, in their order. Some assistants escape the
 * angle brackets of what hooks say: the model reads them all the same.
 */
export function fencedTexts(body: string): string[] {
  return [...stringsIn(JSON.parse(body))].flatMap((text) =>
    [
      ...text
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .matchAll(/<<<TEXT (\S+)\n([^]*?)\nTEXT \1>>>/g),
    ].map(([, , peerText]) => peerText ?? ''),
  )
}

/** Whether the text is in a request at all, fenced or not. */
export function mentions(body: string, text: string): boolean {
  return [...stringsIn(JSON.parse(body))].some((string) => string.includes(text))
}

/** All strings of a value; one that holds JSON (some assistants write results so) stands for the strings within. */
function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    const held = objectIn(value)
    if (held === undefined) yield value
    else yield* stringsIn(held)
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) yield* stringsIn(part)
  }
}

function objectIn(text: string): object | undefined {
  const start = text.indexOf('{"')
  if (start < 0) return undefined
  try {
    return JSON.parse(text.slice(start)) as object
  } catch {
    return undefined
  }
}
