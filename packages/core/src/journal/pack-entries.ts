import { Buffer } from 'node:buffer'
import type { JournalEntry, JournalFacts } from './journal-entry.ts'

type Head = readonly (readonly [facts: JournalFacts, requestLength: number, responseLength: number])[]

const lengthBytes = 4

/** The length of the head, the head as JSON, then all bodies. */
export function packEntries(entries: readonly JournalEntry[]): Uint8Array {
  const head: Head = entries.map(({ facts, requestBody, responseBody }) => [
    facts,
    requestBody.byteLength,
    responseBody.byteLength,
  ])
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(text.byteLength)
  return Buffer.concat([length, text, ...entries.flatMap((entry) => [entry.requestBody, entry.responseBody])])
}

/** In the order in which they were packed. */
export function unpackEntries(packed: Uint8Array): JournalEntry[] {
  const all = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  let offset = lengthBytes + all.readUInt32BE(0)
  const head = JSON.parse(all.toString('utf8', lengthBytes, offset)) as Head
  function next(length: number): Uint8Array {
    offset += length
    return all.subarray(offset - length, offset)
  }
  return head.map(([facts, requestLength, responseLength]) => ({
    facts,
    requestBody: next(requestLength),
    responseBody: next(responseLength),
  }))
}
