import type { IncomingMessage } from 'node:http'
import { ImnotError } from '@imnot/core'

export interface BodyDeadline {
  /** For the whole body, counted from when reading begins. */
  readonly timeoutMs: number
  readonly onLate: () => void
}

/** Whether there is a body to come (RFC 9112, section 6). */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

/** The body, read only when the engine asks for it. Leaving it early does not end the connection: an answer is to follow. */
export function lazyBody(request: IncomingMessage, deadline: BodyDeadline | null): AsyncIterable<Uint8Array> {
  return {
    async *[Symbol.asyncIterator]() {
      const timer = deadline === null ? undefined : setTimeout(deadline.onLate, deadline.timeoutMs)
      try {
        yield* request.iterator({ destroyOnReturn: false })
      } catch (cause) {
        throw new ImnotError('REQUEST_ABORTED', 'The client went away before its request was complete.', { cause })
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/**
 * Ends a connection whose client goes on sending what nobody reads: the answer is out, Node discards the rest, but not
 * without end.
 */
export function limitLeftover(request: IncomingMessage, timeoutMs: number): void {
  if (request.complete) return
  const timer = setTimeout(() => request.destroy(), timeoutMs)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
}
