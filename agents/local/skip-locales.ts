import { registerHooks } from 'node:module'

/**
 * zod brings its error texts in 64 languages, a file each, and nothing here asks for any but English. Reading them
 * is a twentieth of a start, and assistants wait for starts. Call it before zod is loaded; where zod keeps them
 * elsewhere one day, they are read again.
 */
export function skipLocales(): void {
  registerHooks({
    load: (url, context, next) =>
      url.endsWith('/zod/v4/locales/index.js')
        ? { format: 'module', source: '', shortCircuit: true }
        : next(url, context),
  })
}
