import { dirname, isAbsolute, join, resolve } from 'node:path'
import { type EncryptionOptions, ImnotError } from '@imnot/core'
import { readAdminKeys } from '../admin-keys.ts'
import { absoluteSqliteUrl } from '../open-storage.ts'
import { isPath } from '../patterns/load-patterns.ts'
import type { CheckedValues } from './check-values.ts'
import { readConfigFile } from './config-file.ts'
import type { ConfigValues } from './config-schema.ts'
import { type Environment, readEnvironment, unknownVariables } from './environment.ts'
import { findUp, isOfKind } from './find-up.ts'
import { type ConfigFlags, readFlags } from './flags.ts'
import { readSecret, type Secrets } from './read-secret.ts'

export interface ConfigSources {
  readonly cwd: string
  readonly env: Environment
  readonly flags?: ConfigFlags
}

/** All paths are absolute. */
export interface Config {
  readonly host: string
  readonly port: number
  /** A URL or module, as `openStorage` takes it. */
  readonly storage: string
  /** Null where there is no such folder and none was named. */
  readonly partnersDir: string | null
  /** Modules of patterns, as `loadPatterns` takes them. */
  readonly patterns: readonly string[]
  readonly adminKeys: readonly string[]
  /** Of the bodies in the storage; null where they are kept as they are. */
  readonly encryption: EncryptionOptions | null
  readonly baseUrl: string | null
  readonly watch: boolean
  readonly journal: boolean
  /** Paths of PEM files. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  readonly callbacksAllow: readonly string[]
  /** How long an attempt of a callback may take; undefined for the default. */
  readonly callbacksTimeoutMs: number | undefined
  readonly pidFile: string
  readonly configFile: string | null
  /** Sentences for people: nothing that keeps imnot from starting. */
  readonly warnings: readonly string[]
}

/**
 * The configuration: `imnot.yaml` < environment < flags. Relative paths of the file start beside it, others in `cwd`.
 * Throws `CONFIG_INVALID` with every fault of all three, `USAGE_INVALID` where all are of the flags, and `ADMIN_KEY_WEAK`.
 */
export async function readConfig({ cwd, env, flags = {} }: ConfigSources): Promise<Config> {
  const named = flags.config ?? env.IMNOT_CONFIG?.trim()
  const configFile = named ? resolve(cwd, named) : await findUp('imnot.yaml', 'file', cwd)
  const fromFile = configFile === null ? nothing : await readConfigFile(configFile)
  const checked = [readFlags(flags), readEnvironment(env), fromFile]
  const keys = await readAdminSecrets(cwd, env, flags.adminKey)
  const { encryption, faults: encryptionFaults } = await readEncryption(cwd, env)
  const usageFaults = [...(checked[0]?.faults ?? [])]
  const faults = [...checked.slice(1).flatMap((one) => one.faults), ...keys.faults, ...encryptionFaults]

  const fileFolder = configFile === null ? cwd : dirname(configFile)
  const layers = checked.map(({ values }, index) =>
    withAbsolutePaths(values, index === 2 ? fileFolder : cwd, index === 0 ? usageFaults : faults),
  )
  const pick = <Key extends keyof ConfigValues>(key: Key): ConfigValues[Key] =>
    layers.find((layer) => layer[key] !== undefined)?.[key]

  const cert = layers.find((layer) => layer.tls?.cert !== undefined)?.tls?.cert
  const key = layers.find((layer) => layer.tls?.key !== undefined)?.tls?.key
  if ((cert === undefined) !== (key === undefined)) {
    faults.push(`TLS needs a certificate and its key, found only the ${cert === undefined ? 'key' : 'certificate'}.`)
  }
  const all = [...usageFaults, ...faults]
  if (all.length > 0) throw new ImnotError(faults.length === 0 ? 'USAGE_INVALID' : 'CONFIG_INVALID', all.join('\n'))

  const partnersDir = pick('partners_dir') ?? (await findUp('partners', 'folder', cwd))
  const seconds = layers.find((layer) => layer.callbacks?.timeout_seconds !== undefined)?.callbacks?.timeout_seconds
  const home = await homeOf(configFile, partnersDir, cwd)
  return {
    host: pick('host') ?? '127.0.0.1',
    port: pick('port') ?? 8000,
    storage: pick('storage') ?? `sqlite:${join(home, 'imnot.db')}`,
    partnersDir,
    patterns: pick('patterns') ?? [],
    adminKeys: readAdminKeys(keys.values),
    encryption,
    baseUrl: pick('base_url')?.replace(/\/+$/, '') ?? null,
    watch: pick('watch') ?? false,
    journal: pick('journal') ?? true,
    tls: cert === undefined || key === undefined ? null : { cert, key },
    callbacksAllow: layers.find((layer) => layer.callbacks?.allow !== undefined)?.callbacks?.allow ?? [],
    callbacksTimeoutMs: seconds === undefined ? undefined : seconds * 1000,
    pidFile: pick('pid_file') ?? join(home, 'imnot.pid'),
    configFile,
    warnings: [
      ...unknownVariables(env),
      ...(await missingFolder(pick('partners_dir'))),
      ...passwordInFile(fromFile.values, configFile),
    ],
  }
}

const nothing: CheckedValues = { values: {}, faults: [] }

/** Where the database goes: beside imnot.yaml, else beside the partners, else where one is already, else here. */
async function homeOf(configFile: string | null, partnersDir: string | null, cwd: string): Promise<string> {
  const beside = configFile ?? partnersDir ?? (await findUp('imnot.db', 'file', cwd))
  return beside === null ? cwd : dirname(beside)
}

/** One layer with `db` written as `storage`, so that a `db` above hides a `storage` below. */
function withAbsolutePaths({ db, ...values }: ConfigValues, folder: string, faults: string[]): ConfigValues {
  const { storage, partners_dir: partners, pid_file: pidFile, patterns, tls } = values
  if (db !== undefined && storage !== undefined) faults.push('storage and db name the same thing; set one of them.')
  const url = db === undefined ? storage : `sqlite:${db}`
  const absolute = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path))
  return {
    ...values,
    storage: url === undefined ? undefined : absoluteStorage(url, folder, faults),
    partners_dir: absolute(partners),
    patterns: patterns?.map((module) => (isPath(module) ? resolve(folder, module) : module)),
    pid_file: absolute(pidFile),
    tls: tls && { cert: absolute(tls.cert), key: absolute(tls.key) },
  }
}

function absoluteStorage(url: string, folder: string, faults: string[]): string {
  if (url === 'memory') return 'memory:'
  if (url.startsWith('.') || isAbsolute(url)) return resolve(folder, url)
  if (!url.startsWith('sqlite:')) return url
  try {
    return absoluteSqliteUrl(url, folder)
  } catch (error) {
    faults.push((error as Error).message)
    return url
  }
}

async function readAdminSecrets(cwd: string, env: Environment, flag: string | undefined): Promise<Secrets> {
  const current = await readSecret({ cwd, env, name: 'IMNOT_ADMIN_KEY', flag })
  return { ...current, values: [...current.values, env.IMNOT_ADMIN_KEY_PREVIOUS] }
}

async function readEncryption(cwd: string, env: Environment) {
  const { values, faults } = await readSecret({ cwd, env, name: 'IMNOT_ENCRYPTION_KEY' })
  const [key = ''] = values
  const previous = env.IMNOT_ENCRYPTION_KEY_PREVIOUS?.trim() ?? ''
  if (key.trim() === '') return { encryption: null, faults }
  return { encryption: { key, previousKeys: previous === '' ? [] : [previous] }, faults }
}

async function missingFolder(named: string | undefined): Promise<string[]> {
  if (named === undefined || (await isOfKind(named, 'folder'))) return []
  return [`There is no folder ${named}; imnot starts without partners from files.`]
}

function passwordInFile({ storage = '' }: ConfigValues, file: string | null): string[] {
  if (!/^[a-z]+:\/\/[^/@]*:[^/@]+@/i.test(storage)) return []
  return [`${file} holds a password in storage; set IMNOT_STORAGE in the environment instead.`]
}
