import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const workspace = fileURLToPath(new URL('../..', import.meta.url))

/** What the tests look at in a manifest. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly description?: string
  readonly license?: string
  readonly type?: string
  readonly sideEffects?: unknown
  readonly files?: readonly string[]
  readonly engines?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, unknown>>
  readonly bin?: Readonly<Record<string, string>>
  readonly repository?: { readonly type: string; readonly url: string; readonly directory?: string }
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** The packed packages in a folder that has nothing else, as npm installs them. */
export interface Installation {
  readonly folder: string
  /** As they are in the tarballs, by name. */
  readonly manifests: ReadonlyMap<string, Manifest>
  /** Files of a package's tarball. */
  filesOf(name: string): Promise<readonly string[]>
  /** Runs a program in the folder and resolves to what it printed; rejects with all it said. */
  run(program: string, args: readonly string[]): Promise<string>
  remove(): Promise<void>
}

/** Packs every package that is published and installs the tarballs by npm. The packages must have been built. */
export async function installPacked(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'imnot-packed-'))
  const tarballs = join(folder, 'tarballs')
  const { packageManager } = await manifestIn(workspace)
  const pack = ['pnpm', '--filter', './packages/*', '--recursive', 'pack', '--pack-destination', tarballs]
  await call('npm', ['exec', '--yes', `--package=${packageManager}`, '--', ...pack], workspace)

  const names = (await publishedManifests()).map(({ name }) => name)
  const dependencies = Object.fromEntries(
    (await readdir(tarballs)).map((file) => [nameOf(file, names), `file:${join(tarballs, file)}`]),
  )
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, dependencies }))
  // Compiling better-sqlite3 takes a minute: what pnpm compiled for this workspace is taken over below.
  await call('npm', ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], folder)
  await takeOverSqlite(folder)

  const manifests = await Promise.all(names.map((name) => manifestIn(join(folder, 'node_modules', name))))
  return {
    folder,
    manifests: new Map(manifests.map((manifest) => [manifest.name, manifest])),
    async filesOf(name) {
      const tarball = dependencies[name]?.slice('file:'.length) ?? ''
      const listed = await call('tar', ['-tzf', tarball], folder)
      return listed.split('\n').filter((line) => line !== '')
    },
    run: (program, args) => call(program, args, folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** The manifests of the workspace's packages that are not private. */
export async function publishedManifests(): Promise<readonly Manifest[]> {
  const folders = await readdir(join(workspace, 'packages'))
  const manifests = await Promise.all(folders.map((folder) => manifestIn(join(workspace, 'packages', folder))))
  return manifests.filter((manifest) => !manifest.private)
}

async function manifestIn(folder: string): Promise<Manifest & { readonly packageManager?: string }> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
}

/** `imnot-storage-redis-0.1.0.tgz` is `@imnot/storage-redis`. */
function nameOf(file: string, names: readonly string[]): string {
  const found = names.filter((name) => file.startsWith(`${name.slice(1).replace('/', '-')}-`))
  const [name] = found.sort((one, other) => other.length - one.length)
  if (name === undefined) throw new Error(`The tarball ${file} belongs to no package of the workspace.`)
  return name
}

const sqliteDriver = 'better-sqlite3'

/** The compiled driver of the workspace, where npm installed the same version; otherwise npm compiles it. */
async function takeOverSqlite(folder: string): Promise<void> {
  const require = createRequire(join(workspace, 'packages/cli/package.json'))
  const ours = dirname(require.resolve(`${sqliteDriver}/package.json`))
  const theirs = join(folder, 'node_modules', sqliteDriver)
  if ((await manifestIn(ours)).version === (await manifestIn(theirs)).version) {
    await cp(join(ours, 'build/Release'), join(theirs, 'build/Release'), { recursive: true })
  } else {
    await call('npm', ['rebuild', sqliteDriver], folder)
  }
}

async function call(program: string, args: readonly string[], cwd: string): Promise<string> {
  const windows = process.platform === 'win32'
  try {
    const { stdout } = await promisify(execFile)(program, args, { cwd, shell: windows, maxBuffer: 50_000_000 })
    return stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
  }
}
