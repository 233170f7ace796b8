import { expect, test } from 'vitest'
import { copyStorage, memoryStorage, type PutOperation } from '../../src/index.ts'

test('copies bytes, values, expiry and places in queues, and tells how much', async () => {
  const [from, to] = [memoryStorage({ now: () => 1000 }), memoryStorage({ now: () => 1000 })]
  const puts: PutOperation[] = Array.from({ length: 450 }, (_, index) => ({
    type: 'put',
    key: `k/${String(index).padStart(3, '0')}`,
    value: { index },
    ...(index % 2 === 0 ? { body: Buffer.alloc(200, index) } : {}),
    ...(index % 3 === 0 ? { expiresAt: 5000 + index } : {}),
    ...(index % 5 === 0 ? { queue: 'q', dueAt: 2000 + index } : {}),
  }))
  await from.write(puts)
  const told: number[] = []
  const copied = await copyStorage(from, to, { onProgress: (records) => told.push(records) })
  expect(copied).toEqual({ records: 450, bytes: 225 * 200 })
  expect(told.at(-1)).toBe(450)
  const withoutVersions = async (storage: typeof from) =>
    (await storage.list('', { bodies: true })).map(({ version: _version, ...rest }) => rest)
  expect(await withoutVersions(to)).toEqual(await withoutVersions(from))
})

test('refuses a target that holds something, and leaves it alone', async () => {
  const [from, to] = [memoryStorage(), memoryStorage()]
  await from.write([{ type: 'put', key: 'a', value: 1 }])
  await to.write([{ type: 'put', key: 'b', value: 2 }])
  await expect(copyStorage(from, to)).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('not empty'),
  })
  expect(await to.list('')).toMatchObject([{ key: 'b', value: 2 }])
})
