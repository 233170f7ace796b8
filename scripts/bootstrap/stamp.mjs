import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root, stampFile } from './paths.mjs'

/** What is remembered under `name`, or undefined. An unreadable stamp counts as none. */
export function readStamp(name) {
  return readAll()[name]
}

/** Remembers `value` under `name`; undefined forgets it. Written beside and renamed, so that no run sees half a stamp. */
export function writeStamp(name, value) {
  const next = { ...readAll(), [name]: value }
  mkdirSync(dirname(stampFile), { recursive: true })
  const beside = `${stampFile}.${process.pid}`
  writeFileSync(beside, JSON.stringify(next, undefined, 2))
  renameSync(beside, stampFile)
}

/** The packages of the workspace, as folders relative to the root. */
export function workspaceFolders() {
  const nested = ['packages', 'apps', 'examples'].flatMap((parent) =>
    entries(parent).map((entry) => `${parent}/${entry.name}`),
  )
  return [...nested, 'e2e', 'benchmarks', 'tooling'].filter((folder) => existsSync(join(root, folder, 'package.json')))
}

/** The package.json of a folder. */
export function manifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
}

/** Hash of the contents of `files` (relative to the root), missing ones included, and of `facts`. */
export function hashContents(files, facts = []) {
  const hash = createHash('sha256').update(JSON.stringify(facts))
  for (const file of [...files].sort()) {
    const path = join(root, file)
    hash.update(`\0${file}\0`)
    if (existsSync(path)) hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}

/** Every file below `folder` (relative to the root), without the folders named in `skip`. */
export function filesBelow(folder, skip = []) {
  return entries(folder).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return skip.includes(entry.name) ? [] : filesBelow(path, skip)
    return entry.isFile() ? [path] : []
  })
}

function entries(folder) {
  const path = join(root, folder)
  return existsSync(path) ? readdirSync(path, { withFileTypes: true }) : []
}

function readAll() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return {}
  }
}
