import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { phase } from './child.mjs'
import { root, rootManifest } from './paths.mjs'
import { readStamp, writeStamp } from './stamp.mjs'

const windows = process.platform === 'win32'

/** The pinned version, as `pnpm@12.21.0`. */
export const pinnedPnpm = rootManifest().packageManager

/**
 * An environment whose PATH begins with the pinned pnpm and the tools of the workspace: turbo and publint call `pnpm` by
 * name, and so may tests. npm keeps the pinned pnpm in its own cache; another one on the machine is never used.
 */
export function toolEnvironment() {
  const path = [pnpmFolder(), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const prefix = dirname(dirname(process.execPath))
  // better-sqlite3 may have to be compiled; with Node's headers at hand nothing need be downloaded for it.
  const headers = existsSync(join(prefix, 'include', 'node', 'node.h')) ? { npm_config_nodedir: prefix } : {}
  return { ...headers, ...process.env, ...quietTools, PATH: path }
}

/** Runs the pinned pnpm as a phase. */
export function pnpm(title, args) {
  return phase(title, 'pnpm', args, { env: toolEnvironment(), shell: windows })
}

const quietTools = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' }

let folder

function pnpmFolder() {
  folder ??= rememberedFolder() ?? fetchedFolder()
  return folder
}

function rememberedFolder() {
  const stamp = readStamp('pnpm')
  return stamp?.version === pinnedPnpm && holdsPnpm(stamp.folder) ? stamp.folder : undefined
}

function fetchedFolder() {
  // Inside `npm exec`, the PATH names the folder of the package that was asked for.
  const path = npm(['exec', '--yes', `--package=${pinnedPnpm}`, '--', 'node', '-p', 'process.env.PATH'])
  const found = path.trim().split(delimiter).find(holdsPnpm)
  if (!found) throw new Error(`npm exec gave no ${pinnedPnpm}; the PATH inside it was ${path}`)
  writeStamp('pnpm', { version: pinnedPnpm, folder: found })
  return found
}

function holdsPnpm(folder) {
  return existsSync(join(folder, windows ? 'pnpm.cmd' : 'pnpm'))
}

/** npm as its own script under this Node where npm told us where it is, else the one on the PATH. */
function npm(args) {
  const script = process.env.npm_execpath
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }
  return script?.endsWith('npm-cli.js')
    ? execFileSync(process.execPath, [script, ...args], options)
    : execFileSync('npm', args, { ...options, shell: windows })
}
