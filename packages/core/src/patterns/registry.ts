import { asyncBehaviour } from './async.ts'
import { callbackBehaviour } from './callback.ts'
import { fetchBehaviour } from './fetch.ts'
import { oauthBehaviour } from './oauth.ts'
import { paginatedBehaviour } from './paginated.ts'
import type { PatternBehaviour } from './pattern.ts'
import { resourceBehaviour } from './resource.ts'
import { staticBehaviour } from './static.ts'

/** The behaviour of every pattern that the schema knows. */
export const builtinBehaviours: readonly PatternBehaviour[] = [
  staticBehaviour,
  oauthBehaviour,
  fetchBehaviour,
  asyncBehaviour,
  callbackBehaviour,
  paginatedBehaviour,
  resourceBehaviour,
]

/** Throws where a pattern has a schema and no behaviour: a mistake of the program, not of a definition. */
export function findBehaviour(name: string, behaviours: readonly PatternBehaviour[]): PatternBehaviour {
  const found = behaviours.find((behaviour) => behaviour.name === name)
  if (found === undefined) throw new TypeError(`The pattern ${name} has a schema but no behaviour; register both.`)
  return found
}
