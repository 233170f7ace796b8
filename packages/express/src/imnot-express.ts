import type { IncomingMessage, ServerResponse } from 'node:http'
import { type MountableImnot, mountImnot } from '@imnot/node'

/** Fits `app.use` of Express 4 and 5, and of everything else that takes Connect middleware. */
export type ExpressMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Serves imnot beside the routes of an Express service, at its root or below a path. What imnot does not answer goes on as it
 * came. Throws `ADMIN_KEY_REQUIRED` where the admin API has no key and is not off.
 *
 * @example
 * const imnot = await createImnot({ partners: './partners', admin: false })
 * app.use('/mock', imnotExpress(imnot))
 */
export function imnotExpress(imnot: MountableImnot): ExpressMiddleware {
  const bridge = mountImnot(imnot, { mountPathOf: ({ baseUrl = '' }: RoutedRequest) => baseUrl })
  return (request, response, next) => {
    const taken = bridge.match(request)
    if (taken === null) next()
    else bridge.answer(taken, response, { fail: next })
  }
}

/** Express has taken the path of each `app.use` on the way off `url`, and keeps them here. */
type RoutedRequest = IncomingMessage & { readonly baseUrl?: string }
