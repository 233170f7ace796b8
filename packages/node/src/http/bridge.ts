import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type Engine,
  type EngineHeaders,
  type EngineRequest,
  type EngineResponse,
  type Logger,
  type Match,
  silentLogger,
  urlBelow,
} from '@imnot/core'
import { bodyLeftByHost } from './host-body.ts'
import { announcesBody, lazyBody, limitLeftover } from './request-body.ts'
import { sendRefusal, sendResponse } from './send-response.ts'

export interface BridgeOptions {
  /** Told of failures that the client sees as a 500. @default silent */
  readonly logger?: Logger
  /** For the body of a request to a mocked endpoint; an upload has the server's own limit. @default 10000 */
  readonly bodyTimeoutMs?: number
  /** Serve what is below this path alone, such as `/mock`, where the host leaves the path in the URL. @default '' */
  readonly prefix?: string
  /** The path that the host has taken off the URL of this request. @default always '' */
  readonly mountPathOf?: (request: IncomingMessage) => string
}

/** The part of the engine that the bridge uses. */
export type BridgedEngine = Pick<Engine, 'match' | 'handle' | 'notFound'>

/** A request that is imnot's to answer. */
export interface TakenRequest {
  readonly request: IncomingMessage
  readonly url: string
  readonly headers: EngineHeaders
  readonly match: Match
}

/** What a service that has other routes beside imnot wants to be asked and told. */
export interface Host {
  /** Gets what nobody expected, as long as nothing was sent; without it the answer is a 500. */
  readonly fail?: (error: unknown) => void
  /** Called when the head of the answer is out. */
  readonly answered?: () => void
}

/** The one bridge between `node:http` and the engine, in two steps: a host that is told `null` goes on as if nothing had been. */
export interface Bridge {
  /** Null where the request is the host's: then nothing of it was read or changed. Health addresses are the host's own. */
  match(request: IncomingMessage): TakenRequest | null
  /** As `match`, for a server that has no routes but imnot's. */
  matchAny(request: IncomingMessage): TakenRequest | null
  answer(taken: TakenRequest, response: ServerResponse, host?: Host): void
}

export function createBridge(engine: BridgedEngine, options: BridgeOptions = {}): Bridge {
  const { logger = silentLogger, bodyTimeoutMs = 10_000, prefix = '', mountPathOf = () => '' } = options

  function matchAny(request: IncomingMessage): TakenRequest | null {
    const url = urlBelow(request.url ?? '/', prefix)
    if (url === null) return null
    const headers = headersOf(request)
    const match = engine.match(request.method ?? 'GET', url, headers)
    return match === null ? null : { request, url, headers, match }
  }

  function answer(taken: TakenRequest, response: ServerResponse, host: Host = {}): void {
    const { request, url, headers, match } = taken
    const { method = 'GET' } = request

    function send(ready: EngineResponse): Promise<void> | undefined {
      // The client is gone, or its body came too late and that was answered.
      if (response.headersSent || response.destroyed) return undefined
      const streaming = sendResponse(response, ready, method === 'HEAD')
      host.answered?.()
      return streaming
    }
    function refuse(status: number, detail: string): void {
      sendRefusal(response, status, detail)
      host.answered?.()
    }
    function late(): void {
      response.once('finish', () => request.destroy())
      refuse(408, `The request's body did not come within ${bodyTimeoutMs / 1000} s.`)
    }
    function failed(error: unknown): void {
      fail(error, response, host)
    }

    try {
      if (hasTwoHosts(request.rawHeaders)) {
        refuse(400, 'A request has one Host header, found two; send one.')
        return
      }
      let body: EngineRequest['body'] = null
      let isRebuilt = false
      if (announcesBody(request)) {
        const left = bodyLeftByHost(request)
        isRebuilt = left?.isRebuilt ?? false
        body =
          left?.body ?? lazyBody(request, match.kind === 'admin' ? null : { timeoutMs: bodyTimeoutMs, onLate: late })
        response.once('finish', () => limitLeftover(request, bodyTimeoutMs))
      }
      const { remoteAddress } = request.socket
      const mountPath = mountPathOf(request) + prefix
      const result = engine.handle({ method, url, headers, body, remoteAddress, mountPath, isRebuilt }, match)
      if (isPromise(result)) result.then(send).catch(failed)
      else send(result)?.catch(failed)
    } catch (error) {
      failed(error)
    }
  }

  function fail(error: unknown, response: ServerResponse, host: Host): void {
    if (response.destroyed) return
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    logger.error('A request could not be answered', { error: text })
    if (host.fail !== undefined && !response.headersSent) host.fail(error)
    else sendRefusal(response, 500, 'imnot made a mistake with this request; its log says which. Please report it.')
  }

  return {
    match(request) {
      const taken = matchAny(request)
      return taken !== null && taken.match.kind === 'admin' && taken.match.isHealth ? null : taken
    },
    matchAny,
    answer,
  }
}

/** Reads the headers where one is asked for: Node parses them then. */
export function headersOf(request: IncomingMessage): EngineHeaders {
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
