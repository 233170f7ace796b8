import assert from 'node:assert/strict'
import type { JsonValue, PutOperation, Storage, StoredRecord, WriteOperation, WriteResult } from '@imnot/core'

export function put(key: string, options: Partial<Omit<PutOperation, 'type' | 'key'>> = {}): PutOperation {
  return { type: 'put', key, value: null, ...options }
}

/** Writes what nothing stands against, and returns the versions. */
export async function writeAll(storage: Storage, ...operations: WriteOperation[]): Promise<readonly number[]> {
  const result = await storage.write(operations)
  assert.ok(result.ok, `the write was refused: ${JSON.stringify(result)}`)
  assert.equal(result.versions.length, operations.length, 'a version for each operation')
  return result.versions
}

/** Puts one record and returns its version. */
export async function putOne(storage: Storage, ...args: Parameters<typeof put>): Promise<number> {
  const [version] = await writeAll(storage, put(...args))
  return version as number
}

export async function getOne(storage: Storage, key: string): Promise<StoredRecord | null> {
  const found = await storage.get([key])
  assert.equal(found.length, 1, 'one answer for one key')
  return found[0] as StoredRecord | null
}

export async function storedValue(storage: Storage, key: string): Promise<JsonValue | undefined> {
  return (await getOne(storage, key))?.value
}

export async function listedKeys(storage: Storage, ...args: Parameters<Storage['list']>): Promise<string[]> {
  return keysOf(await storage.list(...args))
}

export function keysOf(records: readonly StoredRecord[]): string[] {
  return records.map(({ key }) => key)
}

/** Asserts that the write lost, at which operation, and to what; returns what stands there now. */
export function assertConflict(result: WriteResult, index: number): StoredRecord | null {
  assert.equal(result.ok, false, 'the write should have been refused')
  if (result.ok) throw new Error('unreachable')
  assert.equal(result.conflict.index, index, 'the index of the first operation whose expectation did not hold')
  return result.conflict.current
}

/** Equal bytes, whichever class of byte array a storage answers with. */
export function assertBytes(actual: Uint8Array | undefined, expected: Uint8Array): void {
  assert.ok(actual instanceof Uint8Array, 'the body is missing')
  assert.equal(actual.byteLength, expected.byteLength, 'the length of the body')
  assert.ok(Buffer.compare(actual, expected) === 0, 'the bytes of the body')
}
