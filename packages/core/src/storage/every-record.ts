import type { Storage, StoredRecord } from '../ports/storage.ts'

const portion = 500

/** A body may have 50 MiB. */
const portionWithBodies = 10

export interface EveryRecordOptions {
  /** Also brings the bodies. @default false */
  readonly bodies?: boolean
}

/** All records of a prefix, read in portions. */
export async function* everyRecord(
  storage: Storage,
  prefix: string,
  { bodies = false }: EveryRecordOptions = {},
): AsyncGenerator<StoredRecord> {
  const limit = bodies ? portionWithBodies : portion
  let after: string | undefined
  for (;;) {
    const records = await storage.list(prefix, { limit, bodies, ...(after === undefined ? {} : { after }) })
    yield* records
    after = records.at(-1)?.key
    if (records.length < limit) return
  }
}
