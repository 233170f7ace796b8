import type { DeclaredWay } from '@imnot/schema'
import { apiKeyWay, basicWay, bearerWay } from '../auth/fixed-ways.ts'
import { refuse } from '../auth/refuse.ts'
import { tokenWay } from '../auth/token-way.ts'
import type { Miss, Way } from '../auth/way.ts'
import { flowWithAttempts } from '../flows/flow-view.ts'
import type { CompileContext } from '../patterns/pattern.ts'
import { isByBoundCredential } from '../sessions/session-rule.ts'
import { flowOf, recordsOf } from '../tokens/token-records.ts'
import type { FeatureCompiler } from './feature.ts'

/** `auth`: whoever is let in by none of the ways gets a 401 that says how, or a 403 where the token is right and its scope is not. */
export const authFeature: FeatureCompiler = (context) => {
  const { auth } = context.endpoint
  if (auth === undefined || auth === false) return null
  const ways = auth.map((way) => compileWay(way, context))
  const places = ways.flatMap(({ tokenOf }) => (tokenOf === undefined ? [] : [tokenOf]))
  return {
    isStateless: ways.every((way) => way.isStateless),
    ...(places.length > 0 && {
      tokenOf: (request) => places.map((place) => place(request)).find((text) => text !== null) ?? null,
    }),
    ...(ways.some((way) => !way.isStateless) && { keys: (_scope, { credential }) => recordsOf(credential.token) }),
    sources({ credential }, situation) {
      const flow = credential.token === null || situation.flow !== null ? null : flowOf(credential.token, situation)
      return flow === null ? {} : { flow: () => flowWithAttempts(flow, situation) }
    },
    before(moment) {
      if (isByBoundCredential(moment.situation.sessionBy)) return null
      const misses: Miss[] = []
      for (const way of ways) {
        const miss = way.check(moment)
        if (miss === null) return null
        misses.push(miss)
      }
      return refuse(misses)
    },
  }
}

function compileWay(way: DeclaredWay, { partner, services }: CompileContext): Way {
  const { environment } = services
  if (way.oauth !== undefined) return tokenWay(way, partner)
  if (way.basic !== undefined) return basicWay(way, partner, environment)
  if (way.api_key !== undefined) return apiKeyWay(way, partner, environment)
  return bearerWay(way, partner, environment)
}
