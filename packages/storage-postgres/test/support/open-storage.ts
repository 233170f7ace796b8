import type { Storage } from '@imnot/core'
import { onTestFinished } from 'vitest'
import { type PostgresStorageOptions, postgresStorage } from '../../src/postgres-storage.ts'

/** An open storage, closed when the test ends. */
export async function openStorage(options: PostgresStorageOptions): Promise<Storage> {
  const storage = postgresStorage(options)
  onTestFinished(() => storage.close())
  await storage.init()
  return storage
}
