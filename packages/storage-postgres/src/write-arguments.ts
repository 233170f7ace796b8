import type { PutOperation, WriteOperation } from '@imnot/core'

export interface WriteArguments {
  /** Of `write_records`, see `migrations/0002-write-records.ts`. */
  readonly values: unknown[]
  /** How much the bodies are. */
  readonly bytes: number
  /** For each key where its operation stood, from 1; null where all stood in the order of the keys. */
  readonly positions: readonly number[] | null
}

const kinds = { put: 0, delete: 1, check: 2 } as const

export function writeArguments(operations: readonly WriteOperation[]): WriteArguments {
  const { sorted, positions } = inOrderOfKeys(operations)
  const puts = sorted.map((operation) => (operation.type === 'put' ? operation : null))
  const bodies = puts.flatMap((put) => (put?.body === undefined ? [] : [put.body]))
  /** Null where no put has one: an array of nulls says the same with more bytes. */
  const each = <T>(of: (put: PutOperation) => T | undefined): (T | null)[] | null => {
    const all = puts.map((put) => (put === null ? null : (of(put) ?? null)))
    return all.some((one) => one !== null) ? all : null
  }
  return {
    values: [
      sorted.map(({ key }) => key),
      positions,
      sorted.map(({ type }) => kinds[type]),
      sorted.map(({ expect = null }) => (expect === 'absent' ? 0 : expect)),
      each(({ value }) => JSON.stringify(value)),
      each(({ expiresAt }) => wholeMs(expiresAt)),
      each(({ queue }) => queue),
      each(({ dueAt }) => wholeMs(dueAt)),
      each(({ body }) => body?.byteLength),
      bodies.length > 1 ? Buffer.concat(bodies) : (bodies[0] ?? null),
    ],
    bytes: bodies.reduce((sum, { byteLength }) => sum + byteLength, 0),
    positions,
  }
}

/** Every write takes its locks in this order. */
function inOrderOfKeys(operations: readonly WriteOperation[]) {
  const placed = operations.map((operation, index) => ({ operation, position: index + 1 }))
  placed.sort((a, b) => (a.operation.key < b.operation.key ? -1 : 1))
  const sorted = placed.map(({ operation }) => operation)
  const twice = sorted.find(({ key }, index) => key === sorted[index + 1]?.key)
  if (twice !== undefined) throw new TypeError(`A write names the key ${twice.key} twice; name it once.`)
  const isInOrder = placed.every(({ position }, index) => position === index + 1)
  return { sorted, positions: isInOrder ? null : placed.map(({ position }) => position) }
}

function wholeMs(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.ceil(ms)
}
