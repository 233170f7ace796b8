import { ServerResponse } from 'node:http'
import type { EngineResponse } from '@imnot/core'

/** Sends an answer. Returns a promise only for a streamed body; it rejects with what the stream fails with. */
export function sendResponse(
  response: ServerResponse,
  answer: EngineResponse,
  isHead: boolean,
): Promise<void> | undefined {
  // The client is gone; writing now would raise an error that nobody hears.
  if (response.destroyed) return undefined
  const { status, headers, body } = answer
  if (isUntouched(response)) response.writeHead(status, headers as string[])
  else writeHeadBesideHost(response, status, headers)
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

/** Middleware of the host may have set headers, or have wrapped `writeHead`, with wrappers that know no flat list. */
function isUntouched(response: ServerResponse): boolean {
  return response.writeHead === ServerResponse.prototype.writeHead && response.getHeaderNames().length === 0
}

/** Where the host has set headers before, Node 20's `writeHead` would keep only the last of equal names. */
function writeHeadBesideHost(response: ServerResponse, status: number, headers: readonly string[]): void {
  const forget = () => {
    for (let index = 0; index < headers.length; index += 2) response.removeHeader(headers[index] ?? '')
  }
  forget()
  try {
    for (let index = 0; index < headers.length; index += 2) {
      response.appendHeader(headers[index] ?? '', headers[index + 1] ?? '')
    }
    response.writeHead(status)
  } catch (error) {
    // The host's error handler is to answer, and not with the length of this body.
    forget()
    throw error
  }
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
