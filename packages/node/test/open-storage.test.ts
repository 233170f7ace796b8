import { pathToFileURL } from 'node:url'
import { memoryStorage } from '@imnot/core'
import { expect, test } from 'vitest'
import { openStorage } from '../src/open-storage.ts'

function missing(specifier: string): never {
  throw Object.assign(new Error(`Cannot find package '${specifier}' imported from /app/main.js`), {
    code: 'ERR_MODULE_NOT_FOUND',
  })
}

/** Opens with a module whose default export is the given, and records what it was asked for. */
async function opened(url: string, exported?: (url: string) => unknown) {
  const asked: string[] = []
  const create = exported ?? ((own: string) => Object.assign(memoryStorage(), { name: own }))
  const importModule = async (specifier: string) => {
    asked.push(specifier)
    return { default: create }
  }
  return { storage: await openStorage(url, { importModule, cwd: '/app' }), asked }
}

test('memory: needs no module', async () => {
  expect(await opened('memory:')).toMatchObject({ storage: { name: 'memory' }, asked: [] })
})

test.each([
  ['sqlite:data/imnot.db', '@imnot/storage-sqlite', 'sqlite:/app/data/imnot.db'],
  ['sqlite:///data/imnot.db', '@imnot/storage-sqlite', 'sqlite:/data/imnot.db'],
  ['postgres://h/d', '@imnot/storage-postgres', 'postgres://h/d'],
  ['postgresql://h/d', '@imnot/storage-postgres', 'postgresql://h/d'],
  ['redis://h', '@imnot/storage-redis', 'redis://h'],
  ['rediss://h', '@imnot/storage-redis', 'rediss://h'],
  ['@acme/storage', '@acme/storage', '@acme/storage'],
  ['./mine.mjs', pathToFileURL('/app/mine.mjs').href, './mine.mjs'],
])('%s is a storage of %s', async (url, module, given) => {
  expect(await opened(url)).toMatchObject({ storage: { name: given }, asked: [module] })
})

test('a missing package is an error with the command that installs it', async () => {
  await expect(openStorage('redis://h', { importModule: missing })).rejects.toMatchObject({
    code: 'STORAGE_DRIVER_MISSING',
    message: expect.stringContaining('npm install @imnot/storage-redis'),
  })
})

test('what the module itself misses is told as it is', async () => {
  const importModule = () => missing('left-pad')
  await expect(openStorage('@acme/storage', { importModule })).rejects.toThrow(/left-pad/)
})

test('an unknown scheme is refused without repeating the password', async () => {
  const attempt = opened('mongodb://user:secret@db/x')
  await expect(attempt).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('mongodb:') })
  await expect(attempt).rejects.not.toThrow(/secret/)
  await expect(opened('nope:')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

test('a module that makes no storage is refused with what is missing', async () => {
  await expect(openStorage('x', { importModule: async () => ({}) })).rejects.toThrow(
    /must be a function \(url\) => Storage, found undefined/,
  )
  await expect(opened('x', () => ({ init() {} }))).rejects.toThrow(/no Storage: it has no ping, get/)
})

test('encrypts the bodies in it where a key is given, and refuses one that is none', async () => {
  const plain = memoryStorage()
  const importModule = async () => ({ default: () => plain })
  const storage = await openStorage('x', { importModule, encryption: { key: 'ab'.repeat(32) } })
  await storage.write([{ type: 'put', key: 'a', value: null, body: Buffer.from('marker') }])
  expect(Buffer.from((await plain.get(['a']))[0]?.body ?? '').includes('marker')).toBe(false)
  const weak = openStorage('x', { importModule, encryption: { key: 'secret' } })
  await expect(weak).rejects.toMatchObject({ code: 'ENCRYPTION_KEY_INVALID' })
})

test('what a storage warns of reaches the host', async () => {
  const warnings: string[] = []
  const make = (_url: string, { onWarning }: { readonly onWarning: (message: string) => void }) => {
    onWarning('appendonly is off')
    return memoryStorage()
  }
  await openStorage('x', {
    importModule: async () => ({ default: make }),
    onWarning: (message) => warnings.push(message),
  })
  expect(warnings).toEqual(['appendonly is off'])
})
