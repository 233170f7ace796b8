import { type FileHandle, mkdir, open, readFile, truncate } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ImnotError, type Storage, type StoredRecord, type WriteOperation } from '@imnot/core'

export interface FileStorageOptions {
  /** Made where it is missing. One process at a time may use it. */
  readonly path: string
}

type Change = { readonly put: StoredRecord } | { readonly deleted: string }

/** Keeps every record in memory, and every change in a file of lines: a line is one write, all of it or none. */
export function fileStorage({ path }: FileStorageOptions): Storage {
  const records = new Map<string, StoredRecord>()
  const counters = new Map<string, { value: number; readonly expiresAt: number }>()
  let file: FileHandle | undefined
  let isClosed = false
  let lastVersion = 0
  let turn: Promise<unknown> = Promise.resolve()

  function opened(): FileHandle {
    if (file !== undefined) return file
    throw new ImnotError(
      'STORAGE_CLOSED',
      `The storage ${path} is not open; await init(), and do not use it after close().`,
    )
  }

  /** One after the other, so that what was checked still holds when it is written. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = turn.then(task)
    turn = result.catch(() => undefined)
    return result
  }

  function alive(key: string): StoredRecord | null {
    const record = records.get(key)
    return record === undefined || (record.expiresAt ?? Infinity) <= Date.now() ? null : record
  }

  function apply(changes: readonly Change[]): void {
    for (const change of changes) {
      if ('deleted' in change) records.delete(change.deleted)
      else records.set(change.put.key, change.put)
    }
  }

  /** On the disk first, then to be seen: what was acknowledged is never lost. */
  async function commit(changes: readonly Change[]): Promise<void> {
    const handle = opened()
    await handle.appendFile(`${JSON.stringify({ lastVersion, changes }, toBase64)}\n`)
    await handle.datasync()
    apply(changes)
  }

  async function load(): Promise<void> {
    await mkdir(dirname(path), { recursive: true })
    const text = await readFile(path, 'utf8').catch(() => '')
    // A process that died while it wrote leaves half a line, which nobody was told is written.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole !== text) await truncate(path, Buffer.byteLength(whole))
    for (const line of whole.split('\n').filter((one) => one !== '')) {
      const read = JSON.parse(line, fromBase64) as { readonly lastVersion: number; readonly changes: readonly Change[] }
      lastVersion = read.lastVersion
      apply(read.changes)
    }
    file = await open(path, 'a', 0o600)
  }

  return {
    name: 'file',

    init: () =>
      inTurn(async () => {
        if (file === undefined && !isClosed) await load()
        opened()
      }),

    async ping() {
      opened()
    },

    async get(keys, { known } = {}) {
      opened()
      return keys.map((key) => {
        const record = alive(key)
        return record && known?.get(key) === record.version ? withoutBody(record) : copied(record)
      })
    },

    async list(prefix, { after = '', before = '\x7f', limit = 1000, reverse = false, bodies = false } = {}) {
      opened()
      const found = [...records.keys()].filter((key) => key.startsWith(prefix) && key > after && key < before).sort()
      if (reverse) found.reverse()
      const listed = found.map(alive).filter((record) => record !== null)
      return listed.slice(0, limit).map((record) => (bodies ? copied(record) : withoutBody(record)))
    },

    write: (operations) =>
      inTurn(async () => {
        opened()
        const index = operations.findIndex(
          ({ key, expect }) => expect !== undefined && (alive(key)?.version ?? 'absent') !== expect,
        )
        const refused = operations[index]
        if (refused !== undefined) return { ok: false, conflict: { index, current: copied(alive(refused.key)) } }
        const versions = operations.map(({ type }) => (type === 'put' ? ++lastVersion : 0))
        await commit(operations.flatMap((operation, position) => changeOf(operation, versions[position] ?? 0)))
        return { ok: true, versions }
      }),

    claim: (queue, { limit, leaseMs }) =>
      inTurn(async () => {
        opened()
        const now = Date.now()
        const waiting = [...records.keys()].map(alive).filter((record) => record?.queue === queue)
        const byDue = waiting.filter((record) => record !== null).sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
        const due = byDue.filter(({ dueAt = 0 }) => dueAt <= now).slice(0, limit)
        const leased = due.map((record) => ({ ...record, version: ++lastVersion, dueAt: now + leaseMs }))
        if (leased.length > 0) await commit(leased.map((put) => ({ put })))
        const dues = byDue.map(({ key }) => alive(key)?.dueAt ?? Infinity)
        return { records: leased.map(copied), nextDueAt: dues.length === 0 ? null : Math.min(...dues), now }
      }),

    async increment(key, { by = 1, ttlMs = Infinity } = {}) {
      opened()
      const now = Date.now()
      const before = counters.get(key)
      const counter = before && before.expiresAt > now ? before : { value: 0, expiresAt: now + ttlMs }
      counter.value += by
      counters.set(key, counter)
      return counter.value
    },

    close: () =>
      inTurn(async () => {
        isClosed = true
        await file?.close()
        file = undefined
      }),
  } satisfies Storage
}

/** `imnot start --storage ./file-storage.js` imports this. */
export default (): Storage => fileStorage({ path: resolve('imnot.log') })

function changeOf(operation: WriteOperation, version: number): Change[] {
  if (operation.type === 'check') return []
  if (operation.type === 'delete') return [{ deleted: operation.key }]
  const { type: _type, expect: _expect, ...record } = operation
  return [{ put: copied({ ...record, version }) }]
}

/** What the caller keeps must not change with what the storage keeps. */
function copied<T extends StoredRecord | null>(record: T): T {
  return structuredClone(record)
}

function withoutBody({ body: _body, ...record }: StoredRecord): StoredRecord {
  return copied(record)
}

function toBase64(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { $base64: Buffer.from(value).toString('base64') } : value
}

function fromBase64(_name: string, value: unknown): unknown {
  const isBytes = typeof value === 'object' && value !== null && '$base64' in value
  return isBytes ? new Uint8Array(Buffer.from(String(value.$base64), 'base64')) : value
}
