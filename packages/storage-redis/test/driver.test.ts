import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.doUnmock('ioredis')
  vi.resetModules()
})

test('where ioredis is missing, init says what to install, and importing the package says nothing', async () => {
  vi.resetModules()
  vi.doMock('ioredis', () => {
    throw new Error("Cannot find package 'ioredis'")
  })
  const { redisStorage } = await import('../src/index.ts')
  await expect(redisStorage({ url: 'redis://localhost' }).init()).rejects.toMatchObject({
    code: 'STORAGE_DRIVER_MISSING',
    message: expect.stringContaining('run: npm install ioredis'),
  })
})
