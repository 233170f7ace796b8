import type { AsyncDatapoint } from './patterns/async.ts'
import type { CallbackDatapoint } from './patterns/callback.ts'
import type { FetchDatapoint } from './patterns/fetch.ts'
import type { OauthDatapoint } from './patterns/oauth.ts'
import type { PaginatedDatapoint } from './patterns/paginated.ts'
import type { ResourceDatapoint } from './patterns/resource.ts'
import type { StaticDatapoint } from './patterns/static.ts'

/**
 * A datapoint of one of the built-in patterns; `pattern` is the canonical name and tells which. A datapoint of a pattern
 * that a user registered stands here too, with the keys that its own schema gives it.
 */
export type DatapointDefinition =
  | StaticDatapoint
  | OauthDatapoint
  | FetchDatapoint
  | AsyncDatapoint
  | CallbackDatapoint
  | PaginatedDatapoint
  | ResourceDatapoint

export type EndpointDefinition = DatapointDefinition['endpoints'][number]

/** A partner as it was defined, checked, with every default filled in. */
export interface PartnerDefinition {
  partner: string
  description?: string | undefined
  /** Already in the paths of the endpoints, as all that is inherited is in them. */
  base_path?: string | undefined
  hosts?: string[] | undefined
  datapoints: DatapointDefinition[]
}
