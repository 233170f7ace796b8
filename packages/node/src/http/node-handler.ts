import type { IncomingMessage, ServerResponse } from 'node:http'
import { type BridgedEngine, type BridgeOptions, createBridge, headersOf } from './bridge.ts'
import { sendResponse } from './send-response.ts'

/** A listener of `node:http`, or with `next` a Connect middleware. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => void

/**
 * A request that is not imnot's goes to `next` as it came, its body unread; without `next` it is answered with the 404 that
 * names the nearest routes. It does not ask whether the admin API is guarded: a service with clients of its own mounts
 * imnot by `mountImnot` or one of the adapters.
 *
 * @example
 * http.createServer(toNodeHandler(imnot.engine)).listen(8000)
 */
export function toNodeHandler(engine: BridgedEngine, options: BridgeOptions = {}): NodeHandler {
  const bridge = createBridge(engine, options)
  return (request, response, next) => {
    const taken = next === undefined ? bridge.matchAny(request) : bridge.match(request)
    if (taken !== null) bridge.answer(taken, response, next === undefined ? {} : { fail: next })
    else if (next !== undefined) next()
    else {
      const { method = 'GET', url = '/', socket } = request
      const missed = { method, url, headers: headersOf(request), body: null, remoteAddress: socket.remoteAddress }
      sendResponse(response, engine.notFound(method, url, missed), method === 'HEAD')
    }
  }
}
