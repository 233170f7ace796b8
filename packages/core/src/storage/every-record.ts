import type { Storage, StoredRecord } from '../ports/storage.ts'

const mostPortion = 500

/** A body may have 50 MiB. */
const portionWithBodies = 10

export interface EveryRecordOptions {
  /** Also brings the bodies. @default false */
  readonly bodies?: boolean
  /** Records in one call. @default 500, and 10 with bodies */
  readonly portion?: number
}

/** All records of a prefix, read in portions. */
export async function* everyRecord(
  storage: Storage,
  prefix: string,
  { bodies = false, portion = bodies ? portionWithBodies : mostPortion }: EveryRecordOptions = {},
): AsyncGenerator<StoredRecord> {
  const limit = portion
  let after: string | undefined
  for (;;) {
    const records = await storage.list(prefix, { limit, bodies, ...(after === undefined ? {} : { after }) })
    yield* records
    after = records.at(-1)?.key
    if (records.length < limit) return
  }
}
