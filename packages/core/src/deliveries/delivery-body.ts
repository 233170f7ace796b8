import { Buffer } from 'node:buffer'
import type { DeliveryDetails } from './delivery-record.ts'

const lengthBytes = 4

/** The body of a delivery's record: the length of the details, the details as JSON, the bytes to send. */
export function packDelivery(details: DeliveryDetails, bytes: Uint8Array): Uint8Array {
  const head = Buffer.from(JSON.stringify(details))
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(head.byteLength)
  return Buffer.concat([length, head, bytes])
}

export function unpackDelivery(packed: Uint8Array): { readonly details: DeliveryDetails; readonly bytes: Uint8Array } {
  const all = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  const end = lengthBytes + all.readUInt32BE(0)
  const details = JSON.parse(all.toString('utf8', lengthBytes, end)) as DeliveryDetails
  return { details, bytes: all.subarray(end) }
}
