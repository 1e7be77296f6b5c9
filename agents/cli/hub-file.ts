import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const About = z.object({
  pid: z.int().positive(),
  url: z.string().optional(),
  socket: z.string().optional(),
})

/** Where the hub of a home says that it runs; undefined where there is none, or where it was killed before it could. */
export function readAboutHub(home: string): z.infer<typeof About> | undefined {
  try {
    return About.parse(JSON.parse(readFileSync(join(home, 'hub.json'), 'utf8')))
  } catch {
    return undefined
  }
}
