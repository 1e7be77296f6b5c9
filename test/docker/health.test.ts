import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../package/build.ts'
import { Authority } from '../support/certificates.ts'
import { startHubChild } from '../support/hub-child.ts'
import { freePort } from '../support/ports.ts'
import { temporaryFolder } from '../support/teardown.ts'

/** The health check of the image, as its container runs it; its exit code. */
async function checkHealth(env: Record<string, string>): Promise<number> {
  const [, words = '[]'] =
    /^HEALTHCHECK [^]*?CMD (\[.*\])$/m.exec(readFileSync(join(root, 'docker/Dockerfile'), 'utf8')) ?? []
  const [program, ...args] = JSON.parse(words) as string[]
  expect(program).toBe('node')
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number]
  return code
}

test.for([false, true])(
  "the image's health check knows a hub that runs from one that does not; with TLS: %s",
  async (tls, context) => {
    const files = tls ? Authority.make(context).issue('hub.example') : undefined
    const env = {
      BELLHOP_HOME: temporaryFolder(),
      BELLHOP_PORT: String(await freePort()),
      ...(files && { BELLHOP_TLS_CERT: files.cert, BELLHOP_TLS_KEY: files.key }),
    }
    expect(await checkHealth(env)).toBe(1)
    const hub = await startHubChild(env)
    expect(hub.url.startsWith(tls ? 'wss:' : 'ws:')).toBe(true)
    expect(await checkHealth(env)).toBe(0)
  },
)
