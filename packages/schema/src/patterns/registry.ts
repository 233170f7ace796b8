import { asyncPattern } from './async.ts'
import { callbackPattern } from './callback.ts'
import { fetchPattern } from './fetch.ts'
import { oauthPattern } from './oauth.ts'
import { paginatedPattern } from './paginated.ts'
import type { PatternSchema } from './pattern.ts'
import { resourcePattern } from './resource.ts'
import { staticPattern } from './static.ts'

/** The patterns that every imnot knows. */
export const builtinPatterns: readonly PatternSchema[] = [
  staticPattern,
  oauthPattern,
  fetchPattern,
  asyncPattern,
  callbackPattern,
  paginatedPattern,
  resourcePattern,
]

/** The pattern of this name or alias. */
export function findPattern(
  name: string,
  patterns: readonly PatternSchema[] = builtinPatterns,
): PatternSchema | undefined {
  return patterns.find((pattern) => pattern.name === name || pattern.aliases.includes(name))
}
