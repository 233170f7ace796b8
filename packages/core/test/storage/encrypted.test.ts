import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { encrypted, memoryStorage } from '../../src/index.ts'

const first = randomBytes(32)
const second = randomBytes(32)
const secret = Buffer.from('Mrs. Okonkwo, card 4111')

async function withSecret(key: Uint8Array) {
  const plain = memoryStorage()
  const storage = encrypted(plain, { key })
  await storage.write([{ type: 'put', key: 'payload/a', value: { n: 1 }, body: secret }])
  return { plain, storage }
}

async function bodyOf(storage: Pick<ReturnType<typeof memoryStorage>, 'get'>, key = 'payload/a'): Promise<Buffer> {
  const [record] = await storage.get([key])
  return Buffer.from(record?.body ?? '')
}

describe('an encrypted storage', () => {
  test('keeps bodies that only the key opens, and no two alike', async () => {
    const { plain, storage } = await withSecret(first)
    const before = await bodyOf(plain)
    expect(before.includes('Okonkwo')).toBe(false)
    expect(await bodyOf(storage)).toEqual(secret)
    await storage.write([{ type: 'put', key: 'payload/a', value: null, body: secret }])
    expect((await bodyOf(plain)).equals(before)).toBe(false)
  })

  test('takes keys as base64 and as hexadecimal digits', async () => {
    const { plain } = await withSecret(first)
    for (const key of [first.toString('base64'), ` ${first.toString('hex')}\n`]) {
      expect(await bodyOf(encrypted(plain, { key }))).toEqual(secret)
    }
  })

  test.each(['', 'secret', 'a'.repeat(63), randomBytes(16).toString('base64')])('refuses %j as a key', (key) => {
    expect(() => encrypted(memoryStorage(), { key })).toThrow(
      expect.objectContaining({ code: 'ENCRYPTION_KEY_INVALID', message: expect.stringContaining('openssl rand') }),
    )
  })

  test('reads what was stored before it was turned on', async () => {
    const plain = memoryStorage()
    await plain.write([{ type: 'put', key: 'payload/a', value: null, body: secret }])
    expect(await bodyOf(encrypted(plain, { key: first }))).toEqual(secret)
  })

  test('says that a key is missing instead of answering other bytes', async () => {
    const { plain } = await withSecret(first)
    await expect(bodyOf(encrypted(plain, { key: second }))).rejects.toMatchObject({ code: 'ENCRYPTION_KEY_MISSING' })
  })

  test('does not open a body that was changed, cut, or moved under another record', async () => {
    const { plain, storage } = await withSecret(first)
    const sealed = await bodyOf(plain)
    const changed = Buffer.from(sealed)
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    await plain.write([
      { type: 'put', key: 'changed', value: null, body: changed },
      { type: 'put', key: 'cut', value: null, body: sealed.subarray(0, -1) },
      { type: 'put', key: 'moved', value: null, body: sealed },
    ])
    for (const key of ['changed', 'cut', 'moved']) {
      await expect(bodyOf(storage, key)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' })
    }
  })

  test('after a rewrite needs the previous key no more', async () => {
    const { plain, storage } = await withSecret(first)
    await plain.write([{ type: 'put', key: 'old', value: null, body: Buffer.from('from before') }])
    await storage.write([{ type: 'put', key: 'none', value: 'no body' }])
    const rotated = encrypted(plain, { key: second, previousKeys: [first] })
    expect(await bodyOf(rotated)).toEqual(secret)
    expect(await rotated.rewrite()).toBe(2)
    expect(await rotated.rewrite()).toBe(0)
    const alone = encrypted(plain, { key: second })
    expect([await bodyOf(alone), (await bodyOf(alone, 'old')).toString()]).toEqual([secret, 'from before'])
    expect((await bodyOf(plain, 'old')).includes('before')).toBe(false)
    expect(await alone.get(['payload/a'])).toEqual([expect.objectContaining({ value: { n: 1 } })])
  })
})
