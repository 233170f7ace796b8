import { Buffer } from 'node:buffer'
import { ImnotError } from '../errors.ts'

const newline = 10

/** The lines of a body without their ends, one after the other. Throws `BODY_TOO_LARGE` for a longer one. */
export async function* linesOf(body: AsyncIterable<Uint8Array> | null, mostBytes: number): AsyncGenerator<Buffer> {
  let begun: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      yield Buffer.concat([...begun, chunk.subarray(start, end)])
      begun = []
      length = 0
      start = end + 1
    }
    const rest = chunk.subarray(start)
    length += rest.byteLength
    if (length > mostBytes)
      throw new ImnotError('BODY_TOO_LARGE', `A line of the body has more than ${mostBytes} bytes; it is no such file.`)
    // A copy: the host may use the chunk again.
    if (rest.byteLength > 0) begun.push(Uint8Array.from(rest))
  }
  if (length > 0) yield Buffer.concat(begun)
}
