import { ImnotError } from '../errors.ts'
import type { Storage, StoredRecord } from '../ports/storage.ts'

export interface CopyOptions {
  /** Called with the number of records copied so far. */
  readonly onProgress?: (records: number) => void
}

export interface CopiedStorage {
  readonly records: number
  /** Of all bodies together. */
  readonly bytes: number
}

const portion = 200
const portionBytes = 4 * 1_048_576

/**
 * Copies every record with its body, its expiry and its place in a queue from one storage into another, which must be empty.
 * Both are initialised before. Counters are not records and begin anew. Nobody should write to either meanwhile.
 *
 * Throws `REFUSED` where the target holds something already, which is not touched then.
 */
export async function copyStorage(
  from: Storage,
  to: Storage,
  { onProgress }: CopyOptions = {},
): Promise<CopiedStorage> {
  const [found] = await to.list('', { limit: 1 })
  if (found !== undefined) {
    throw new ImnotError('REFUSED', 'The storage to copy into is not empty; name one that holds nothing yet.')
  }
  let records = 0
  let bytes = 0
  for await (const batch of batches(from)) {
    const result = await to.write(
      batch.map(({ version: _version, ...rest }) => ({ type: 'put', ...rest, expect: 'absent' })),
    )
    if (!result.ok) {
      throw new ImnotError(
        'REFUSED',
        'Somebody else writes to the storage to copy into; stop what uses it, and begin anew.',
      )
    }
    records += batch.length
    bytes += batch.reduce((sum, { body }) => sum + (body?.byteLength ?? 0), 0)
    onProgress?.(records)
  }
  return { records, bytes }
}

/** Few enough records that their bodies fit into memory: what has a large one goes alone. */
async function* batches(storage: Storage): AsyncGenerator<readonly StoredRecord[]> {
  let batch: StoredRecord[] = []
  let size = 0
  let after = ''
  for (;;) {
    const listed = await storage.list('', { after, limit: portion })
    for (const { key } of listed) {
      const [record] = await storage.get([key])
      // It expired meanwhile.
      if (!record) continue
      batch.push(record)
      size += record.body?.byteLength ?? 0
      if (batch.length < portion && size < portionBytes) continue
      yield batch
      batch = []
      size = 0
    }
    after = listed.at(-1)?.key ?? ''
    if (listed.length < portion) break
  }
  if (batch.length > 0) yield batch
}
