import { ImnotError, type PutOperation, type WriteOperation } from '@imnot/core'
import type { CommandArgument } from './redis-client-like.ts'

/** What one string of Redis can hold, unless `proto-max-bulk-len` was changed. */
const LARGEST_BODY_BYTES = 512 * 1024 * 1024

/** The arguments of the write script. */
export function writeArguments(operations: readonly WriteOperation[]): CommandArgument[] {
  const args: CommandArgument[] = []
  for (const operation of operations) {
    const { type, key, expect = '' } = operation
    const expected = String(expect)
    if (type === 'put') pushPut(args, operation, expected)
    else args.push(type, key, expected)
  }
  return args
}

function pushPut(args: CommandArgument[], operation: PutOperation, expected: string): void {
  const { key, value, body, expiresAt, queue, dueAt } = operation
  args.push(body === undefined ? 'put' : 'putBody', key, expected, JSON.stringify(value), moment(expiresAt))
  if (queue === undefined || dueAt === undefined) args.push('', '')
  else args.push(queue, moment(dueAt))
  if (body !== undefined) args.push(bodyBytes(body))
}

/** Redis would stumble over NaN in the middle of a write. */
function moment(time: number | undefined): string {
  if (time === undefined) return ''
  if (Number.isFinite(time)) return String(time)
  throw new TypeError(`Expected a moment in milliseconds, found ${time}.`)
}

function bodyBytes(body: Uint8Array): Buffer {
  if (body.byteLength > LARGEST_BODY_BYTES) {
    throw new ImnotError('BODY_TOO_LARGE', `Redis holds bodies of at most 512 MB, found ${body.byteLength} bytes.`)
  }
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}
