import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.doUnmock('pg')
  vi.resetModules()
})

test('where pg is missing, init says what to install, and works once it is there', async () => {
  vi.doMock('pg', () => {
    throw new Error("Cannot find package 'pg'")
  })
  vi.resetModules()
  const { postgresStorage } = await import('../src/postgres-storage.ts')
  const storage = postgresStorage({ url: 'postgres://localhost:1/nothing' })
  await expect(storage.init()).rejects.toMatchObject({
    code: 'STORAGE_DRIVER_MISSING',
    message: expect.stringContaining('run: npm install pg'),
  })
  vi.doUnmock('pg')
  await expect(storage.init()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
})
