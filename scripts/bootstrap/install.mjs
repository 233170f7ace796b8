import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './paths.mjs'
import { pinnedPnpm, pnpm } from './pnpm.mjs'
import { hashContents, readStamp, workspaceFolders, writeStamp } from './stamp.mjs'

/** Installs exactly what the lockfile says; does nothing when that has been done for this lockfile, Node and pnpm. */
export async function install() {
  const wanted = installation()
  if (readStamp('install') === wanted && existsSync(join(root, 'node_modules', '.modules.yaml'))) return
  await pnpm('Dependencies installed', ['install', '--frozen-lockfile', '--reporter=append-only'])
  writeStamp('install', wanted)
}

function installation() {
  const { node, modules } = process.versions
  const manifests = ['package.json', ...workspaceFolders().map((folder) => `${folder}/package.json`)]
  return hashContents(
    ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', ...manifests],
    [node, modules, process.platform, process.arch, pinnedPnpm],
  )
}
