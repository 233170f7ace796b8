import type { ServerResponse } from 'node:http'
import type { EngineResponse } from '@imnot/core'
import { sendFault } from './send-fault.ts'
import { writeHead } from './write-head.ts'

/** Sends an answer. Returns a promise only for a streamed body; it rejects with what the stream fails with. */
export function sendResponse(
  response: ServerResponse,
  answer: EngineResponse,
  isHead: boolean,
): Promise<void> | undefined {
  // The client is gone; writing now would raise an error that nobody hears.
  if (response.destroyed) return undefined
  if (answer.fault !== undefined) {
    sendFault(response, answer, isHead)
    return undefined
  }
  const { status, headers, body } = answer
  writeHead(response, status, headers)
  if (body === null || isHead) {
    response.end()
    return undefined
  }
  if (body instanceof Uint8Array) {
    response.end(body)
    return undefined
  }
  return sendStream(response, body)
}

/** An answer of the bridge's own, in JSON; the connection ends with it. */
export function sendRefusal(response: ServerResponse, status: number, detail: string): void {
  if (response.destroyed) return
  if (response.headersSent) {
    response.destroy()
    return
  }
  const body = JSON.stringify({ detail })
  const length = Buffer.byteLength(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': length, connection: 'close' })
  response.end(body)
}

async function sendStream(response: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
  const closed = new Promise<null>((resolve) => response.once('close', () => resolve(null)))
  const iterator = body[Symbol.asyncIterator]()
  // A stream of events shows its headers before its first event.
  response.flushHeaders()
  try {
    while (!response.destroyed) {
      const next = await Promise.race([iterator.next(), closed])
      if (next === null) break
      if (next.done) {
        response.end()
        return
      }
      if (!response.write(next.value) && !response.destroyed) {
        await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed])
      }
    }
  } catch (error) {
    // Half an answer was sent: only a broken connection tells the client.
    response.destroy()
    throw error
  }
  // A generator that waits for something returns when it next wakes; nobody waits for it here.
  iterator.return?.().catch(() => {})
}
