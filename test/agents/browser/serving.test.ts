import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../support/ports.ts'
import { startPageServer } from './page.ts'

test('three files are served, and nothing else, whatever is asked', async () => {
  const { origin } = await startPageServer()
  for (const [path, type] of [
    ['/', 'text/html'],
    ['/index.html?x', 'text/html'],
    ['/page.css', 'text/css'],
    ['/page.js', 'text/javascript'],
  ] as const) {
    const answer = await fetch(origin + path)
    expect([path, answer.status]).toEqual([path, 200])
    expect(answer.headers.get('content-type')).toContain(type)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toBe("frame-ancestors 'none'")
    expect(await answer.text()).not.toBe('')
  }
  for (const path of ['/favicon.ico', '/..%2Fpackage.json', '//etc/passwd', '/page.js/', '/%']) {
    expect([path, (await fetch(origin + path)).status]).toEqual([path, 404])
  }
  expect((await fetch(origin, { method: 'POST', body: 'x' })).status).toBe(405)
})

test('the page holds no script, style or handler of its own, and its policy allows none', async () => {
  const { origin } = await startPageServer()
  const document = await (await fetch(origin)).text()
  expect(document).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i)
  expect([...document.matchAll(/<script[^>]*>([^<]*)/g)].map(([, inside]) => inside)).toEqual([''])
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(document)?.[1] ?? ''
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
  expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'")
  expect(policy).not.toMatch(/unsafe|\*(?!;| )|ws: |http: |data:/)
})

test('serve.ts says where the page is, and what the hub must be told', async () => {
  const port = await freePort()
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../../agents/browser/serve.ts'), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) if (lines.push(line) === 3) break
  expect(lines[0]).toBe(`The page is at http://127.0.0.1:${port}`)
  expect(lines[2]).toBe(`BELLHOP_ALLOWED_ORIGINS=http://127.0.0.1:${port}`)
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200)
})
