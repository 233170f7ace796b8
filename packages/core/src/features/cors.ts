import type { DeclaredCors } from '@imnot/schema'
import type { Exchange } from '../handling/exchange.ts'
import type { EngineResponse } from '../http/messages.ts'
import { respond } from '../http/respond.ts'
import type { EndpointBehaviour } from '../patterns/pattern.ts'
import type { FeatureCompiler } from './feature.ts'

/** `cors`: scripts of other origins may read what the endpoint answers (the Fetch standard, 3.2). */
export const corsFeature: FeatureCompiler = ({ endpoint }) => {
  const rule = corsOf(endpoint)
  if (rule === null) return null
  return {
    isStateless: true,
    respond(response, { exchange }) {
      const expose = rule.expose.length === 0 ? [] : ['access-control-expose-headers', rule.expose.join(', ')]
      return { ...response, headers: [...response.headers, ...allowed(rule, exchange), ...expose] }
    },
  }
}

/** Null where the endpoint has none. */
export function corsOf({ cors }: { readonly cors?: DeclaredCors | boolean | undefined }): DeclaredCors | null {
  if (cors === undefined || cors === false) return null
  return cors === true ? { origins: ['*'], expose: [], credentials: false } : cors
}

/** The answer to a browser that asks what it may do at a path where these methods are. */
export function preflightBehaviour(rule: DeclaredCors, methods: readonly string[]): EndpointBehaviour {
  const maxAge = rule.max_age === undefined ? [] : ['access-control-max-age', String(Math.floor(rule.max_age / 1000))]
  return {
    isStateless: true,
    plan({ exchange }) {
      const asked = exchange.header('access-control-request-headers')
      const names = rule.headers?.join(', ') ?? asked
      return {
        answer: respond(204, [
          ...allowed(rule, exchange),
          'access-control-allow-methods',
          methods.join(', '),
          ...(names === null ? [] : ['access-control-allow-headers', names]),
          ...maxAge,
        ]),
      }
    },
  }
}

/** Nothing but `vary` for an origin that is not let in: the browser refuses by itself. */
function allowed({ origins, credentials }: DeclaredCors, exchange: Exchange): EngineResponse['headers'] {
  const origin = exchange.header('origin')
  const isAny = origins.includes('*')
  // With credentials the origin must be named (the Fetch standard, 3.2.5).
  if (isAny && !credentials) return ['access-control-allow-origin', '*']
  if (origin === null || (!isAny && !origins.includes(origin))) return ['vary', 'origin']
  const named = ['vary', 'origin', 'access-control-allow-origin', origin]
  return credentials ? [...named, 'access-control-allow-credentials', 'true'] : named
}
