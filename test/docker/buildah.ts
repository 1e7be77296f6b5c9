import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { toolsFolder } from '../assistants/tools.ts'
import { isAlive } from '../support/processes.ts'

/** Milliseconds for one step. */
const stepMs = 180_000

/** Runs a program to its end, and resolves with its stdout; rejects with what it complained of. */
export function run(program: string, words: readonly string[]): Promise<string> {
  const options = { timeout: stepMs, maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve, reject) => {
    execFile(program, words, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout.trim())
      const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n')
      reject(new Error(`${program} ${words.join(' ')}: ${error.killed ? 'not in time' : said}`))
    })
  })
}

/** How an image wants to be run. */
export interface ImageConfig {
  readonly User: string
  readonly Env: readonly string[]
  readonly Entrypoint: readonly string[]
  readonly Cmd: readonly string[]
  readonly Volumes?: Readonly<Record<string, object>>
  readonly ExposedPorts: Readonly<Record<string, object>>
  readonly Labels: Readonly<Record<string, string>>
  readonly Healthcheck: { readonly Test: readonly string[] }
}

/** Containers without an engine, in a store of the tests' own, which outlives them. */
export class Buildah {
  /** What every call begins with. `vfs` asks nothing of the kernel. */
  readonly words: readonly string[] = [
    '--root',
    join(toolsFolder, 'containers', 'store'),
    '--runroot',
    join(toolsFolder, 'containers', 'run'),
    '--storage-driver',
    'vfs',
  ]

  call(...words: readonly string[]): Promise<string> {
    return run('buildah', [...this.words, ...words])
  }

  /** A container of an image that is in the store. Returns its name. */
  async from(image: string): Promise<string> {
    const container = await this.call('from', '--pull-never', image)
    // Some versions mount the image's own volume over the one that `run` is given.
    for (const path of Object.keys((await this.config(image)).Volumes ?? {})) {
      await this.call('config', '--volume', `${path}-`, container)
    }
    return container
  }

  /** Runs a line of shell in a container, as the user of its image. */
  inside(container: string, line: string): Promise<string> {
    return this.call('run', '--isolation', 'chroot', container, '--', 'sh', '-c', line)
  }

  async remove(container: string): Promise<void> {
    await this.call('rm', container)
  }

  /** Takes away what is left of images `<repository>:<process id>` whose process was killed before it could. */
  async sweep(repository: string): Promise<void> {
    const names = (await this.call('images', '--format', '{{.Name}}:{{.Tag}}')).split('\n')
    for (const name of names.filter((name) => name.startsWith(`${repository}:`))) {
      if (!isAlive(Number(name.slice(repository.length + 1)))) await this.call('rmi', '--force', name)
    }
  }

  has(image: string): Promise<boolean> {
    return this.config(image).then(
      () => true,
      () => false,
    )
  }

  async config(image: string): Promise<ImageConfig> {
    const facts = JSON.parse(await this.call('inspect', '--type', 'image', image)) as {
      Docker: { config: ImageConfig }
    }
    return facts.Docker.config
  }
}
