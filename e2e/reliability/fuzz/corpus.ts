import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDefinition } from '@imnot/schema'
import { parse } from 'yaml'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const root = join(import.meta.dirname, '../../..')

/** Every definition of the documentation and the examples that needs no file beside it, as the value that it is. */
export async function readCorpus(): Promise<Json[]> {
  const folders = await Promise.all(['docs', 'examples'].map(definitionFiles))
  const texts = await Promise.all(folders.flat().map((file) => readFile(file, 'utf8')))
  const fitting = texts.filter((text) => /^partner:/m.test(text) && !/\b\w*(_file|schema): *[\w./]/.test(text))
  return fitting.filter((text) => parseDefinition(text).ok).map((text) => parse(text, { merge: true }) as Json)
}

async function definitionFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
