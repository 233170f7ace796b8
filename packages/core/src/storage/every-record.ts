import type { Storage, StoredRecord } from '../ports/storage.ts'

const portion = 500

/** All records of a prefix without their bodies, read in portions. */
export async function* everyRecord(storage: Storage, prefix: string): AsyncGenerator<StoredRecord> {
  let after: string | undefined
  for (;;) {
    const records = await storage.list(prefix, { limit: portion, ...(after === undefined ? {} : { after }) })
    yield* records
    after = records.at(-1)?.key
    if (records.length < portion) return
  }
}
