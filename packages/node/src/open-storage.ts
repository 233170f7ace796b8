import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type EncryptionOptions, encrypted, ImnotError, memoryStorage, type Storage } from '@imnot/core'

export interface OpenStorageOptions {
  /** Imports a module from where the program that composes imnot stands: `(specifier) => import(specifier)`. */
  readonly importModule: (specifier: string) => Promise<unknown>
  /** Relative paths start here. @default the folder of the process */
  readonly cwd?: string
  /** Told of settings of the database that can lose data, one sentence each. @default nobody */
  readonly onWarning?: (message: string) => void
  /** Encrypts the bodies in it; null leaves them as they are. @default null */
  readonly encryption?: EncryptionOptions | null
}

/**
 * The storage that a URL names: `memory:`, `sqlite:PATH`, `postgres://…`, `redis://…`, or a module. The package of a
 * scheme and a module of one's own are alike: the default export is `(url, { onWarning }) => Storage`. Opens nothing yet: `init` does.
 * Throws `STORAGE_DRIVER_MISSING` for what cannot be imported and `CONFIG_INVALID` for what makes no storage.
 *
 * @example
 * const storage = await openStorage('sqlite:imnot.db', { importModule: (specifier) => import(specifier) })
 */
export async function openStorage(url: string, options: OpenStorageOptions): Promise<Storage> {
  const { encryption = null, ...rest } = options
  const storage = await openPlain(url, rest)
  return encryption === null ? storage : encrypted(storage, encryption)
}

async function openPlain(url: string, options: OpenStorageOptions): Promise<Storage> {
  const { importModule, cwd = process.cwd(), onWarning = () => {} } = options
  const scheme = /^([a-z]+):/.exec(url)?.[1] ?? ''
  if (scheme === 'memory') return memoryStorage()
  const specifier = storageModules[scheme] ?? specifierOf(url, cwd)
  const create = defaultOf(await importStorage(specifier, importModule, scheme in storageModules ? scheme : null))
  if (typeof create !== 'function') {
    throw new ImnotError(
      'CONFIG_INVALID',
      `The default export of the storage module ${specifier} must be a function (url) => Storage, found ${typeof create}.`,
    )
  }
  return assertStorage(await create(scheme === 'sqlite' ? absoluteSqliteUrl(url, cwd) : url, { onWarning }), specifier)
}

const storageModules: Readonly<Record<string, string>> = {
  sqlite: '@imnot/storage-sqlite',
  postgres: '@imnot/storage-postgres',
  postgresql: '@imnot/storage-postgres',
  redis: '@imnot/storage-redis',
  rediss: '@imnot/storage-redis',
}

/** `sqlite:imnot.db`, `sqlite:/data/imnot.db` and `sqlite:///data/imnot.db` all name a file; `:memory:` is SQLite's own word. */
export function absoluteSqliteUrl(url: string, cwd: string): string {
  const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
  if (path === '') throw new ImnotError('CONFIG_INVALID', 'The storage "sqlite:" names no file; write sqlite:imnot.db.')
  return path === ':memory:' ? url : `sqlite:${resolve(cwd, path)}`
}

async function importStorage(
  specifier: string,
  importModule: OpenStorageOptions['importModule'],
  scheme: string | null,
): Promise<unknown> {
  try {
    return await importModule(specifier)
  } catch (cause) {
    // What the module itself fails to import is another fault, which its own error says best.
    if (!isMissing(cause, specifier)) throw cause
    throw new ImnotError('STORAGE_DRIVER_MISSING', explainMissing(specifier, scheme), { cause })
  }
}

function explainMissing(specifier: string, scheme: string | null): string {
  if (scheme !== null) {
    return `The storage ${scheme}: needs the package ${specifier}, which is not installed; run "npm install ${specifier}".`
  }
  const builtIn = 'memory:, sqlite:PATH, postgres://…, redis://… or a module'
  if (specifier.startsWith('file:')) {
    return `There is no storage module ${fileURLToPath(specifier)}; check the path, or name ${builtIn}.`
  }
  return `The storage module ${specifier} is not installed; run "npm install ${specifier}", or name ${builtIn}.`
}

function specifierOf(url: string, cwd: string): string {
  if (url.startsWith('.') || isAbsolute(url)) return pathToFileURL(resolve(cwd, url)).href
  // A connection URL may hold a password and is never repeated in a message.
  if (/^[a-z][a-z0-9+.-]+:/i.test(url) && !url.startsWith('file:')) {
    const scheme = url.slice(0, url.indexOf(':'))
    throw new ImnotError(
      'CONFIG_INVALID',
      `No storage has the scheme ${scheme}:; use memory:, sqlite:PATH, postgres://…, redis://… or the name of a module.`,
    )
  }
  return url
}

/** A CommonJS module that was compiled from ESM has its default export one level deeper. */
function defaultOf(module: unknown): unknown {
  const outer = isRecord(module) ? module.default : undefined
  return isRecord(outer) && 'default' in outer ? outer.default : outer
}

const members = ['init', 'ping', 'get', 'list', 'write', 'claim', 'increment', 'close'] as const

function assertStorage(value: unknown, origin: string): Storage {
  const missing = members.filter((member) => !isRecord(value) || typeof value[member] !== 'function')
  if (missing.length === 0) return value as Storage
  throw new ImnotError('CONFIG_INVALID', `What ${origin} returned is no Storage: it has no ${missing.join(', ')}.`)
}

function isMissing(error: unknown, specifier: string): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  const wanted = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier
  const isNotFound = error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND'
  return isNotFound && error.message.split(' imported from ')[0]?.includes(wanted) === true
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null
}
