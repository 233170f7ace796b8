import type { EndpointFeature } from '../features/feature.ts'
import type { EndpointBehaviour, Wants } from '../patterns/pattern.ts'

/** What the requests of an endpoint want from the storage, for whatever of its parts; found out once. */
export interface Needs {
  readonly payload: boolean
  /** The lane of the flow's deliveries. */
  readonly attempts: boolean
  /** Null: no further records. */
  readonly keys: Wants | null
  /** Null: nothing of which everything is wanted. */
  readonly lists: Wants | null
}

export function needsOf(behaviour: EndpointBehaviour, features: readonly EndpointFeature[]): Needs {
  const parts = [behaviour, ...features]
  return {
    payload: parts.some(({ readsPayload }) => readsPayload === true),
    attempts: features.some(({ readsAttempts }) => readsAttempts === true),
    keys: together(parts.flatMap(({ keys }) => keys ?? [])),
    lists: together(parts.flatMap(({ lists }) => lists ?? [])),
  }
}

function together(wants: readonly Wants[]): Wants | null {
  if (wants.length <= 1) return wants[0] ?? null
  return (scope, exchange) => wants.flatMap((want) => want(scope, exchange))
}
