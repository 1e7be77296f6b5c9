import { copyFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { cachedPackages } from '../package/npm.ts'
import { run, type Buildah } from './buildah.ts'

/** The npm that Node 24 brings. */
const npmVersion = '11.6.2'
const suite = 'bookworm'
/** Of the recipe below, so that a change of it makes a new image. */
const recipe = 1

/**
 * What stands in for `node:24-bookworm-slim` where no registry of images can be reached: the smallest Debian, made
 * by debootstrap, with Node from npm. It is made once, and kept in buildah's store. Returns its name.
 */
export async function baseImage(buildah: Buildah): Promise<string> {
  const name = `localhost/bellhop-base:${suite}-node${process.versions.node}-${recipe}`
  if (await buildah.has(name)) return name
  const npm = await cachedPackages(`npm-${npmVersion}`, [`npm@${npmVersion}`])
  const rootFolder = mkdtempSync(join(tmpdir(), 'bellhop-'))
  try {
    await run('debootstrap', ['--variant=minbase', suite, rootFolder])
    for (const path of ['var/cache/apt/archives', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/locale']) {
      rmSync(join(rootFolder, path), { recursive: true, force: true })
    }
    copyFileSync(process.execPath, join(rootFolder, 'usr/local/bin/node'))
    cpSync(join(npm, 'node_modules/npm'), join(rootFolder, 'usr/local/lib/node_modules/npm'), { recursive: true })
    symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(rootFolder, 'usr/local/bin/npm'))
    const container = await buildah.call('from', 'scratch')
    try {
      await buildah.call('add', '--quiet', container, rootFolder, '/')
      await buildah.call('commit', '--quiet', '--format', 'docker', container, name)
    } finally {
      await buildah.call('rm', container)
    }
  } finally {
    // Nothing of ours is mounted there; debootstrap takes its mounts back.
    rmSync(rootFolder, { recursive: true, force: true })
  }
  return name
}

/** Why this machine lets nobody make and enter a root of his own; undefined where it does. */
export async function whyNoContainers(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'containers are built here on Linux only'
  if (process.getuid?.() !== 0) return 'only root may build a container without an engine'
  try {
    await run('unshare', ['--mount', '--pid', '--fork', 'chroot', '/', 'true'])
    return undefined
  } catch (error) {
    return `this machine forbids it: ${(error as Error).message}`
  }
}
