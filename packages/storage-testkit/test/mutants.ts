import type { Storage, StoredRecord, WriteOperation } from '@imnot/core'

/** What a mutant changes of a storage that keeps all promises. */
export type Mutant = (storage: Storage) => Partial<Storage>

/** Each breaks one promise of the port. The name begins with the group that must notice. */
export const mutants: Readonly<Record<string, Mutant>> = {
  'records: loses the body of no bytes': (storage) => ({
    get: async (keys, options) =>
      (await storage.get(keys, options)).map((record) => (record?.body?.length === 0 ? withoutBody(record) : record)),
  }),

  'records: takes bodies for text': (storage) => ({
    write: (operations) =>
      storage.write(
        operations.map((operation) =>
          operation.type === 'put' && operation.body
            ? { ...operation, body: Buffer.from(Buffer.from(operation.body).toString('utf8')) }
            : operation,
        ),
      ),
  }),

  'records: answers in an order of its own': (storage) => ({
    get: async (keys, options) => storage.get([...keys].sort(), options),
  }),

  'records: hands out what it keeps': (storage) => {
    const handedOut = new Map<number, StoredRecord>()
    return {
      get: async (keys, options) =>
        (await storage.get(keys, options)).map((record) => {
          if (record === null) return null
          const kept = handedOut.get(record.version) ?? record
          handedOut.set(record.version, kept)
          return options?.known ? record : kept
        }),
    }
  },

  'records: sends bodies that the caller holds': (storage) => ({ get: (keys) => storage.get(keys) }),

  'records: leaves out the body of any known version, whosever it is': (storage) => ({
    get: async (keys, options) => {
      const versions = new Set(options?.known?.values())
      return (await storage.get(keys)).map((record) =>
        record && versions.has(record.version) ? withoutBody(record) : record,
      )
    },
  }),

  'versions: ignores what is expected': (storage) => ({
    write: (operations) => storage.write(operations.map(withoutExpectation)),
  }),

  'versions: looks, and writes a moment later': (storage) => ({
    async write(operations) {
      const checks = operations.flatMap(({ key, expect }) =>
        expect === undefined ? [] : [{ type: 'check', key, expect } as const],
      )
      const looked = await storage.write(checks)
      await new Promise(setImmediate)
      return looked.ok ? storage.write(operations.map(withoutExpectation)) : storage.write(operations)
    },
  }),

  'versions: begins at one again after a delete': (storage) => {
    const offsets = new Map<string, number>()
    const told = (key: string, version: number) => version - (offsets.get(key) ?? 0)
    return {
      async write(operations) {
        const result = await storage.write(
          operations.map((operation) =>
            typeof operation.expect === 'number'
              ? { ...operation, expect: operation.expect + (offsets.get(operation.key) ?? 0) }
              : operation,
          ),
        )
        if (!result.ok) return result
        const versions = result.versions.map((version, index) => {
          const { key = '', type } = operations[index] ?? {}
          if (type === 'delete') offsets.delete(key)
          if (type === 'put' && !offsets.has(key)) offsets.set(key, version - 1)
          return version === 0 ? 0 : told(key, version)
        })
        return { ok: true, versions }
      },
      get: async (keys) =>
        (await storage.get(keys)).map((record) => record && { ...record, version: told(record.key, record.version) }),
    }
  },

  'versions: tells no body of the record that stands in the way': (storage) => ({
    async write(operations) {
      const result = await storage.write(operations)
      if (result.ok || result.conflict.current === null) return result
      return { ok: false, conflict: { ...result.conflict, current: withoutBody(result.conflict.current) } }
    },
  }),

  'writes: writes what comes before the refused operation': (storage) => ({
    async write(operations) {
      const versions: number[] = []
      for (const [index, operation] of operations.entries()) {
        const result = await storage.write([operation])
        if (!result.ok) return { ok: false, conflict: { ...result.conflict, index } }
        versions.push(...result.versions)
      }
      return { ok: true, versions }
    },
  }),

  'writes: acknowledges before it has written': (storage) => ({
    async write(operations) {
      if (operations.length !== 1 || operations[0]?.expect !== undefined) return storage.write(operations)
      setTimeout(() => storage.write(operations).catch(() => undefined), 1)
      return { ok: true, versions: [1] }
    },
  }),

  'checks: drops checks': (storage) => ({
    async write(operations) {
      const result = await storage.write(operations.filter(({ type }) => type !== 'check'))
      if (!result.ok) return result
      const versions = [...result.versions]
      return { ok: true, versions: operations.map(({ type }) => (type === 'check' ? 0 : (versions.shift() ?? 0))) }
    },
  }),

  'listing: lists in no order': (storage) => ({
    list: async (prefix, options) => (await storage.list(prefix, options)).toSorted((a, b) => a.version - b.version),
  }),

  'listing: orders as people do': (storage) => ({
    list: async (prefix, options) =>
      (await storage.list(prefix, options)).toSorted((a, b) => a.key.localeCompare(b.key, 'en')),
  }),

  'listing: takes the prefix for a pattern': (storage) => ({
    async list(prefix, options) {
      const pattern = RegExp(`^${escaped(prefix).replaceAll('_', '.').replaceAll('%', '.*')}`)
      return (await storage.list('', options)).filter(({ key }) => pattern.test(key))
    },
  }),

  'listing: brings bodies that nobody asked for': (storage) => ({
    list: (prefix, options) => storage.list(prefix, { ...options, bodies: true }),
  }),

  'listing: includes the key that it continues after': (storage) => ({
    async list(prefix, options) {
      const [first] = options?.after === undefined ? [] : await storage.get([options.after])
      const rest = await storage.list(prefix, options)
      return first ? [first, ...rest] : rest
    },
  }),

  'listing: limits before it turns round': (storage) => ({
    list: async (prefix, { reverse = false, ...options } = {}) => {
      const records = await storage.list(prefix, options)
      return reverse ? records.toReversed() : records
    },
  }),

  'expiry: forgets when records expire': (storage) => ({
    write: (operations) =>
      storage.write(
        operations.map((operation) =>
          operation.type === 'put' ? { ...operation, expiresAt: (operation.expiresAt ?? 0) + 4e12 } : operation,
        ),
      ),
  }),

  'expiry: keeps the first moment when a record is put again': (storage) => {
    const moments = new Map<string, number>()
    return {
      write: (operations) =>
        storage.write(
          operations.map((operation) => {
            if (operation.type !== 'put') return operation
            const expiresAt = moments.get(operation.key) ?? operation.expiresAt
            if (expiresAt === undefined) return operation
            moments.set(operation.key, expiresAt)
            return { ...operation, expiresAt }
          }),
        ),
    }
  },

  'counters: reads, then adds': () => {
    const counters = new Map<string, number>()
    return {
      async increment(key, { by = 1 } = {}) {
        const value = (counters.get(key) ?? 0) + by
        await new Promise(setImmediate)
        counters.set(key, value)
        return value
      },
    }
  },

  'counters: counts without an end': (storage) => ({
    increment: (key, { by = 1 } = {}) => storage.increment(key, { by }),
  }),

  'claims: hands a record to everyone': (storage) => {
    const seen = new Map<string, StoredRecord>()
    return {
      async claim(queue, options) {
        const claimed = await storage.claim(queue, options)
        for (const record of claimed.records) seen.set(record.key, record)
        return { ...claimed, records: [...seen.values()].slice(0, options.limit) }
      },
    }
  },

  'claims: hands out what is not due': (storage) => ({
    claim: async (queue, options) => {
      const waiting = (await storage.list('', { bodies: true })).filter((record) => record.queue === queue)
      const claimed = await storage.claim(queue, options)
      return { ...claimed, records: [...claimed.records, ...waiting].slice(0, options.limit) }
    },
  }),

  'claims: hands out the shortest due first': (storage) => ({
    async claim(queue, options) {
      const claimed = await storage.claim(queue, options)
      return { ...claimed, records: claimed.records.toReversed() }
    },
  }),

  'claims: tells no next time': (storage) => ({
    claim: async (queue, options) => ({ ...(await storage.claim(queue, options)), nextDueAt: null }),
  }),

  'leases: keeps the version when it leases': (storage) => {
    const before = new Map<number, number>()
    return {
      async claim(queue, options) {
        const waiting = new Map((await storage.list('')).map(({ key, version }) => [key, version]))
        const claimed = await storage.claim(queue, options)
        for (const { key, version } of claimed.records) before.set(waiting.get(key) ?? 0, version)
        return claimed
      },
      write: (operations) =>
        storage.write(
          operations.map((operation) =>
            typeof operation.expect === 'number'
              ? { ...operation, expect: before.get(operation.expect) ?? operation.expect }
              : operation,
          ),
        ),
    }
  },

  'leases: leases for ever': (storage) => ({
    claim: (queue, options) => storage.claim(queue, { ...options, leaseMs: 4e12 }),
  }),

  'leases: leaves leases out of the next time': (storage) => ({
    async claim(queue, options) {
      const claimed = await storage.claim(queue, options)
      const leased = new Set(claimed.records.map(({ dueAt }) => dueAt))
      return { ...claimed, nextDueAt: leased.has(claimed.nextDueAt ?? -1) ? null : claimed.nextDueAt }
    },
  }),

  'lifecycle: works on after close': (storage) => ({ close: async () => undefined, ping: () => storage.ping() }),

  'lifecycle: empties itself in init': (storage) => {
    let isReady = false
    return {
      async init() {
        await storage.init()
        if (!isReady) isReady = true
        else await storage.write((await storage.list('')).map(({ key }) => ({ type: 'delete', key })))
      },
    }
  },
}

function withoutBody(record: StoredRecord): StoredRecord {
  const { body: _body, ...rest } = record
  return rest
}

function withoutExpectation(operation: WriteOperation): WriteOperation {
  if (operation.type === 'check') return { type: 'delete', key: `no-such-key/${operation.key.length}` }
  const { expect: _expect, ...rest } = operation
  return rest
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
