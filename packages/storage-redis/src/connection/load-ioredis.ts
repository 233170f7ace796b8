import { ImnotError } from '@imnot/core'

/** Throws `STORAGE_DRIVER_MISSING` when the package is not installed. */
export async function loadIoredis() {
  try {
    const { Redis } = await import('ioredis')
    return Redis
  } catch (cause) {
    throw new ImnotError(
      'STORAGE_DRIVER_MISSING',
      'The Redis storage needs ioredis, which is not installed; run: npm install ioredis',
      { cause },
    )
  }
}
