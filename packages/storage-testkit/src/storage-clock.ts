import type { Storage } from '@imnot/core'

/** The storage's own clock: a claim of a queue that nobody uses tells it and changes nothing. */
export async function clockOf(storage: Storage): Promise<number> {
  const { now } = await storage.claim('no-such-queue', { limit: 1, leaseMs: 1 })
  return now
}
