import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type Engine,
  type EngineHeaders,
  type EngineRequest,
  type EngineResponse,
  type Logger,
  silentLogger,
} from '@imnot/core'
import { announcesBody, lazyBody, limitLeftover } from './request-body.ts'
import { sendRefusal, sendResponse } from './send-response.ts'

export interface NodeHandlerOptions {
  /** Told of failures that the client sees as a 500. @default silent */
  readonly logger?: Logger
  /** For the body of a request to a mocked endpoint; an upload has the server's own limit. @default 10000 */
  readonly bodyTimeoutMs?: number
  /** The body of a request that the host has read already; null where it has not. @default always null */
  readonly bytesReadByHost?: (request: IncomingMessage) => Uint8Array | null
}

/** A listener of `node:http`, or with `next` a Connect middleware. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => void

/** The part of the engine that the bridge uses. */
export type BridgedEngine = Pick<Engine, 'match' | 'handle' | 'notFound'>

/**
 * The one bridge between `node:http` and the engine. A request that is not imnot's goes to `next` as it came, its body
 * unread; without `next` it is answered with the 404 that names the nearest routes.
 *
 * @example
 * http.createServer(toNodeHandler(imnot.engine)).listen(8000)
 */
export function toNodeHandler(engine: BridgedEngine, options: NodeHandlerOptions = {}): NodeHandler {
  const { logger = silentLogger, bodyTimeoutMs = 10_000, bytesReadByHost = () => null } = options

  function fail(error: unknown, response: ServerResponse, next: ((error?: unknown) => void) | undefined): void {
    if (response.destroyed) return
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    logger.error('A request could not be answered', { error: text })
    if (next !== undefined && !response.headersSent) next(error)
    else sendRefusal(response, 500, 'imnot made a mistake with this request; its log says which. Please report it.')
  }

  function bodyOf(request: IncomingMessage, response: ServerResponse): AsyncIterable<Uint8Array> {
    const read = bytesReadByHost(request)
    if (read !== null) return once(read)
    if (request.url?.startsWith('/imnot/admin/')) return lazyBody(request, null)
    const onLate = () => {
      response.once('finish', () => request.destroy())
      sendRefusal(response, 408, `The request's body did not come within ${bodyTimeoutMs / 1000} s.`)
    }
    return lazyBody(request, { timeoutMs: bodyTimeoutMs, onLate })
  }

  return (request, response, next) => {
    try {
      const { method = 'GET', url = '/' } = request
      const headers = headersOf(request)
      const match = engine.match(method, url, headers)
      if (match === null) {
        if (next !== undefined) next()
        else sendResponse(response, missed(engine, request, headers), method === 'HEAD')
        return
      }
      if (hasTwoHosts(request.rawHeaders)) {
        sendRefusal(response, 400, 'A request has one Host header, found two; send one.')
        return
      }
      let body: EngineRequest['body'] = null
      if (announcesBody(request)) {
        body = bodyOf(request, response)
        response.once('finish', () => limitLeftover(request, bodyTimeoutMs))
      }
      const answer = engine.handle({ method, url, headers, body, remoteAddress: request.socket.remoteAddress }, match)
      if (isPromise(answer)) answer.then(send).catch(failed)
      else send(answer)?.catch(failed)

      function send(ready: EngineResponse): Promise<void> | undefined {
        // The body came too late, and that was answered.
        return response.headersSent ? undefined : sendResponse(response, ready, method === 'HEAD')
      }
      function failed(error: unknown): void {
        fail(error, response, next)
      }
    } catch (error) {
      fail(error, response, next)
    }
  }
}

function missed(engine: BridgedEngine, { method = 'GET', url = '/', socket }: IncomingMessage, headers: EngineHeaders) {
  return engine.notFound(method, url, { method, url, headers, body: null, remoteAddress: socket.remoteAddress })
}

/** Reads the headers where one is asked for: Node parses them then. */
function headersOf(request: IncomingMessage): EngineHeaders {
  return {
    get(name) {
      const value = request.headers[name]
      if (value === undefined) return null
      return typeof value === 'string' ? value : value.join(', ')
    },
    *entries() {
      const { rawHeaders } = request
      for (let index = 0; index < rawHeaders.length; index += 2)
        yield [rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']
    },
  }
}

/** Node keeps the first and forgets the second; a proxy before it may have gone by the other. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let found = false
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name === undefined || name.length !== 4 || name.toLowerCase() !== 'host') continue
    if (found) return true
    found = true
  }
  return false
}

function isPromise(answer: EngineResponse | Promise<EngineResponse>): answer is Promise<EngineResponse> {
  return 'then' in answer
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
