import { Buffer } from 'node:buffer'
import type { JsonValue } from '../ports/storage.ts'
import { assertUnsealed } from '../storage/encryption/sealed-body.ts'

/** What is kept of a flow and came from a consumer, or was made for it: all of it lives in the record's body. */
export interface FlowData {
  /** What was captured, generated and set, by its name. */
  readonly values: Readonly<Record<string, JsonValue>>
  /** Bodies that were captured, by their names. */
  readonly files: Readonly<Record<string, FlowFile>>
  /** What stands before every URL that is made for the client that started it; absent where nothing happens to it unasked. */
  readonly base?: string
}

/** A request's body as it came. */
export interface FlowFile {
  /** Empty where the request named none. */
  readonly contentType: string
  readonly bytes: Uint8Array
}

export const noData: FlowData = { values: {}, files: {} }

type Head = {
  readonly values: FlowData['values']
  readonly base?: string
  /** In the order of their bytes. */
  readonly files: readonly { readonly name: string; readonly contentType: string; readonly length: number }[]
}

const lengthBytes = 4

/** Undefined where there is nothing to keep. The length of the head, the head as JSON, then the bytes of the files. */
export function packFlowData({ values, files, base }: FlowData): Uint8Array | undefined {
  const named = Object.entries(files)
  if (named.length === 0 && base === undefined && Object.keys(values).length === 0) return undefined
  const head: Head = {
    values,
    ...(base !== undefined && { base }),
    files: named.map(([name, { contentType, bytes }]) => ({ name, contentType, length: bytes.byteLength })),
  }
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(text.byteLength)
  return Buffer.concat([length, text, ...named.map(([, { bytes }]) => bytes)])
}

/** Throws `ENCRYPTION_KEY_MISSING` where nobody has decrypted it. */
export function unpackFlowData(packed: Uint8Array | undefined): FlowData {
  if (packed === undefined) return noData
  assertUnsealed(packed)
  const all = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  let at = lengthBytes + all.readUInt32BE(0)
  const { values, files, ...rest } = JSON.parse(all.toString('utf8', lengthBytes, at)) as Head
  const unpacked = files.map(({ name, contentType, length }) => {
    const bytes = all.subarray(at, at + length)
    at += length
    return [name, { contentType, bytes }] as const
  })
  return { values, files: Object.fromEntries(unpacked), ...rest }
}
