import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { hubProcess } from '../support/processes.ts'
import type { Buildah, ImageConfig } from './buildah.ts'

/** Where the hub in a container finds its secret. */
const secretPath = '/run/secrets/bellhop'

/** A volume as an engine makes it at first use: with the owner that its place has in the image. */
export function makeVolume(config: ImageConfig): string {
  const folder = mkdtempSync(join(tmpdir(), 'bellhop-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  giveTo(config, folder)
  return folder
}

/** Makes the user of an image the owner of a file of the host. */
export function giveTo({ User }: ImageConfig, path: string): void {
  const [user, group] = User.split(':').map(Number)
  chownSync(path, user!, group!)
}

/** A hub in a container that listens. */
export interface RunningContainer {
  /** Tells the hub to stop, as `docker stop` does, and resolves with the exit code. */
  stop(): Promise<number | null>
}

/** What a container is given. */
interface Place {
  readonly volume: string
  readonly secretFile: string
  readonly port: number
}

/** How `buildah run` begins, which takes user and environment from the image. */
function runWords(container: string, { volume, secretFile, port }: Place): string[] {
  const volumes = ['--volume', `${volume}:/data`, '--volume', `${secretFile}:${secretPath}:ro`]
  const environment = ['--env', `BELLHOP_SECRET_FILE=${secretPath}`, '--env', `BELLHOP_PORT=${port}`]
  return ['run', '--isolation', 'chroot', ...volumes, ...environment, container, '--']
}

/** A command of Bellhop in a container, as with `docker exec` or `docker run --rm`. */
export function runCommand(buildah: Buildah, container: string, place: Place, ...words: string[]): Promise<string> {
  return buildah.call(...runWords(container, place), 'bellhop', ...words)
}

/** The hub of an image. */
export function runContainer(
  buildah: Buildah,
  container: string,
  config: ImageConfig,
  place: Place,
): Promise<RunningContainer> {
  const words = [...runWords(container, place), ...config.Entrypoint, ...config.Cmd]
  // What is spawned here only waits for the hub, which has its own number on the host with this isolation.
  return untilItListens('buildah', [...buildah.words, ...words], () => hubProcess(place.volume))
}

/** What an engine does with `--read-only` and without `--init`: a root that takes no writes, and the hub as process 1. */
const asProcessOne = `
set -e
root=$1 volume=$2 owner=$3
shift 3
mount --bind "$root" "$root"
mount --bind "$volume" "$root/data"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount -o remount,bind,ro "$root"
exec chroot --userspec="$owner" "$root" "$@"
`

/** The hub of an image as process 1 of its own, in the image's root folder. */
export function runAsProcessOne(
  rootFolder: string,
  config: ImageConfig,
  { volume, secret, port }: { readonly volume: string; readonly secret: string; readonly port: number },
): Promise<RunningContainer> {
  const environment = [...config.Env, `BELLHOP_PORT=${port}`, `BELLHOP_SECRET=${secret}`]
  const inside = ['/usr/bin/env', '-i', ...environment, ...config.Entrypoint, ...config.Cmd]
  const words = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', asProcessOne, 'sh']
  words.push(rootFolder, volume, config.User, ...inside)
  return untilItListens('unshare', words, childOf)
}

/** Starts a program that starts a hub; `find` is the hub's process on the host. */
async function untilItListens(
  program: string,
  words: readonly string[],
  find: (child: ChildProcess) => number | undefined,
): Promise<RunningContainer> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = once(child, 'exit') as Promise<[number | null]>
  const tell = (signal: NodeJS.Signals): void => {
    const pid = child.exitCode === null ? find(child) : undefined
    if (pid !== undefined) process.kill(pid, signal)
  }
  onTestFinished(async () => {
    tell('SIGKILL')
    await exit
  })
  const complaints: string[] = []
  createInterface(child.stderr).on('line', (line) => complaints.push(line))
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (/listening\s+ws:/.test(line)) resolve()
    })
    child.once('exit', (code) => reject(new Error(`the hub ended with ${code}:\n${complaints.join('\n')}`)))
  })
  return {
    async stop() {
      tell('SIGTERM')
      return (await exit)[0]
    },
  }
}

function childOf({ pid }: ChildProcess): number | undefined {
  const [first = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  return Number(first) || undefined
}
