import { ImnotError } from '../errors.ts'
import type { Storage, StoredRecord, WriteOperation, WriteResult } from '../ports/storage.ts'
import { createMemoryCounters } from './memory-counters.ts'
import { createMemoryRecords, type MemoryRecords, memoryRecord, storedRecord } from './memory-records.ts'

export interface MemoryStorageOptions {
  /** The storage's clock, in milliseconds since the epoch. @default Date.now */
  readonly now?: () => number
}

/**
 * A storage that lives and dies with the process: for tests, and for a mock that may forget.
 *
 * Values are copied in and out, as any other storage would. Bodies are handed over without a copy, since they may be
 * large: who has written or read one must not change its bytes afterwards.
 *
 * @example
 * const storage = memoryStorage()
 * await storage.write([{ type: 'put', key: 'greeting', value: 'hello' }])
 * const [record] = await storage.get(['greeting'])
 */
export function memoryStorage({ now = Date.now }: MemoryStorageOptions = {}): Storage {
  const records = createMemoryRecords()
  const counters = createMemoryCounters()
  let lastVersion = 0
  let isClosed = false

  /** Each method begins here: afterwards no expired record is left to be seen. */
  function begin(): number {
    if (isClosed) throw new ImnotError('STORAGE_CLOSED', 'The memory storage was closed; make a new one.')
    const moment = now()
    records.removeExpired(moment)
    return moment
  }

  return {
    name: 'memory',

    async init() {
      begin()
    },

    async ping() {
      begin()
    },

    async get(keys, { known } = {}) {
      begin()
      return keys.map((key) => {
        const record = records.get(key)
        return record === undefined ? null : storedRecord(record, known?.get(key) !== record.version)
      })
    },

    async list(prefix, { after, before, limit = 1000, reverse = false, bodies = false } = {}) {
      begin()
      // Keys are printable: \x01 sorts before and \x7f after whatever can follow in one.
      const lower = after === undefined || after < prefix ? prefix : `${after}\x01`
      const end = `${prefix}\x7f`
      const upper = before === undefined || before > end ? end : before
      return records.range(lower, upper, limit, reverse).map((record) => storedRecord(record, bodies))
    },

    async write(operations) {
      begin()
      refuseMisuse(operations)
      const conflict = findConflict(records, operations)
      if (conflict !== null) return { ok: false, conflict }
      // Made before the first is stored: a value that JSON cannot say must not leave half a write behind.
      const puts = operations.map((operation) =>
        operation.type === 'put' ? memoryRecord(operation, ++lastVersion) : null,
      )
      operations.forEach((operation, index) => {
        const put = puts[index]
        if (put) records.set(put)
        else if (operation.type === 'delete') records.remove(operation.key)
      })
      return { ok: true, versions: puts.map((put) => put?.version ?? 0) }
    },

    async claim(queue, { limit, leaseMs }) {
      const moment = begin()
      const claimed: StoredRecord[] = []
      for (const record of records.due(queue, moment, limit)) {
        const leased = { ...record, version: ++lastVersion, dueAt: moment + leaseMs }
        records.set(leased)
        claimed.push(storedRecord(leased, true))
      }
      return { records: claimed, nextDueAt: records.nextDueAt(queue), now: moment }
    },

    async increment(key, options = {}) {
      return counters.increment(key, begin(), options)
    },

    async close() {
      isClosed = true
      records.clear()
      counters.clear()
    },
  } satisfies Storage
}

type Conflict = Extract<WriteResult, { ok: false }>['conflict']

function findConflict(records: MemoryRecords, operations: readonly WriteOperation[]): Conflict | null {
  for (const [index, { key, expect }] of operations.entries()) {
    if (expect === undefined) continue
    const current = records.get(key)
    if ((current?.version ?? 'absent') === expect) continue
    return { index, current: current === undefined ? null : storedRecord(current, true) }
  }
  return null
}

/** Mistakes that databases would each punish in their own way: found here, while a program is tested on memory. */
function refuseMisuse(operations: readonly WriteOperation[]): void {
  const keys = new Set<string>()
  for (const operation of operations) {
    if (keys.has(operation.key)) throw new TypeError(`A write names the key ${operation.key} twice; name it once.`)
    keys.add(operation.key)
    if (operation.type === 'put' && (operation.queue === undefined) !== (operation.dueAt === undefined)) {
      throw new TypeError(`The put of ${operation.key} has one of queue and dueAt; give both or none.`)
    }
  }
}
