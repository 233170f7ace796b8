import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import defaultExport, { storageFromUrl } from '../src/index.ts'
import { temporaryFolder } from './temporary-folder.ts'

test.each([
  ['an absolute path', (path: string) => `sqlite:${path}`],
  ['an absolute path after two slashes', (path: string) => `sqlite://${path}`],
  ['a path relative to the working folder', (path: string) => `sqlite:${relative(process.cwd(), path)}`],
])('a URL with %s opens that file', async (_, urlOf) => {
  const path = join(await temporaryFolder(), 'a %20 b.db')
  const storage = defaultExport(urlOf(path))
  onTestFinished(() => storage.close())
  await storage.init()
  expect((await stat(path)).isFile()).toBe(true)
})

test.each(['sqlite:', 'postgres://localhost', './imnot.db', 'sqlite::memory:'])('%j is refused', (url) => {
  expect(() => storageFromUrl(url)).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }))
})
