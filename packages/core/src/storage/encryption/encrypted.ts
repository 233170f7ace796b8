import type { Storage, StoredRecord, WriteOperation } from '../../ports/storage.ts'
import { type EncryptionKey, readKey } from './encryption-keys.ts'
import { isSealedWith, seal, unseal } from './sealed-body.ts'

export interface EncryptionOptions {
  /** Encrypts what is written from now on. */
  readonly key: EncryptionKey
  /** Open what was written before; `rewrite` makes them needless. @default none */
  readonly previousKeys?: readonly EncryptionKey[]
}

export interface EncryptedStorage extends Storage {
  /**
   * Writes every body that is under a previous key, or under none, anew under the current one; resolves to their number. May
   * run while the storage is used, and be repeated.
   */
  rewrite(): Promise<number>
}

/**
 * Encrypts the bodies of any storage with AES-256-GCM; keys and values stay as they are. What was stored before encryption
 * was turned on stays readable.
 *
 * Throws `ENCRYPTION_KEY_INVALID` for a key that is none; reading throws `ENCRYPTION_KEY_MISSING` for a body under a key that was
 * not given, and `STORAGE_CORRUPT` for one that was changed.
 *
 * @example
 * const storage = encrypted(sqliteStorage({ path: 'imnot.db' }), { key: process.env.IMNOT_ENCRYPTION_KEY })
 */
export function encrypted(storage: Storage, { key, previousKeys = [] }: EncryptionOptions): EncryptedStorage {
  const current = readKey(key)
  const keys = [current, ...previousKeys.map(readKey)]

  function opened<T extends StoredRecord | null>(record: T): T {
    return record?.body === undefined ? record : { ...record, body: unseal(record.body, record.key, keys) }
  }

  function sealed(operation: WriteOperation): WriteOperation {
    if (operation.type !== 'put' || operation.body === undefined) return operation
    return { ...operation, body: seal(operation.body, operation.key, current) }
  }

  async function rewriteRecord(record: StoredRecord): Promise<boolean> {
    const { version, ...rest } = opened(record)
    // Whoever was faster has written it under the current key.
    return (await storage.write([sealed({ type: 'put', ...rest, expect: version })])).ok
  }

  return {
    name: storage.name,
    init: () => storage.init(),
    ping: () => storage.ping(),
    increment: (counter, options) => storage.increment(counter, options),
    close: () => storage.close(),
    ...(storage.hint && { hint: storage.hint.bind(storage) }),

    async get(wanted, options) {
      return (await storage.get(wanted, options)).map(opened)
    },

    async list(prefix, options) {
      return (await storage.list(prefix, options)).map(opened)
    },

    async write(operations) {
      const result = await storage.write(operations.map(sealed))
      return result.ok
        ? result
        : { ok: false, conflict: { ...result.conflict, current: opened(result.conflict.current) } }
    },

    async claim(queue, options) {
      const claimed = await storage.claim(queue, options)
      return { ...claimed, records: claimed.records.map(opened) }
    },

    async rewrite() {
      let rewritten = 0
      let after = ''
      for (;;) {
        // One at a time: a body may have 50 MiB.
        const [record] = await storage.list('', { after, limit: 1, bodies: true })
        if (record === undefined) return rewritten
        after = record.key
        if (record.body === undefined || isSealedWith(record.body, current)) continue
        if (await rewriteRecord(record)) rewritten++
      }
    },
  }
}
