import type { DeclaredWay } from '@imnot/schema'
import { type Refusal, refusal } from '../answers/refusal.ts'
import { apiKeyWay, basicWay, bearerWay } from '../auth/fixed-ways.ts'
import { tokenWay } from '../auth/token-way.ts'
import type { Miss, Way } from '../auth/way.ts'
import type { CompileContext } from '../patterns/pattern.ts'
import { isByBoundCredential } from '../sessions/session-rule.ts'
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

/** What was sent and is wrong tells more than what was not sent. */
function refuse(misses: readonly Miss[]): Refusal {
  const forbidden = misses.find((miss) => miss.isForbidden)
  const tried = misses.filter((miss) => !miss.isAbsent)
  const told = forbidden !== undefined ? [forbidden] : tried.length > 0 ? tried : misses
  const causes = [...new Set(told.map(({ cause }) => cause))].join('; ')
  const remedies = [...new Set(told.map(({ remedy }) => remedy))].join(', or ')
  const detail = `This request is not let in: ${causes}. To be let in, ${remedies}.`
  const challenges = forbidden === undefined ? misses : [forbidden]
  const headers = challenges.flatMap(({ challenge }) => ['www-authenticate', challenge])
  return refusal(forbidden === undefined ? 'unauthorized' : 'forbidden', detail, { headers })
}
