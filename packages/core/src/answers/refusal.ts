import type { JsonValue } from '../ports/storage.ts'

/** The kinds of imnot's own refusals, and the status that each has unless the partner's `errors` say another. The schema knows the names. */
export const refusalStatuses = {
  not_found: 404,
  no_payload: 404,
  out_of_order: 409,
  unauthorized: 401,
  forbidden: 403,
  invalid: 422,
  conflict: 409,
  rate_limited: 429,
  failed: 500,
  no_route: 404,
} as const

export type RefusalKind = keyof typeof refusalStatuses

/**
 * A refusal of imnot's own, before the partner's shape is given to it. What patterns and guards return instead of an answer;
 * nothing is changed by a request that is refused.
 */
export interface Refusal {
  readonly kind: RefusalKind
  /** @default the status of the kind */
  readonly status?: number
  /** One sentence that names the cause and the remedy; `error.detail` of templates. */
  readonly detail: string
  /** Further members of imnot's own shape; of `error` in templates, too. */
  readonly more?: Readonly<Record<string, JsonValue>>
  /** Sent in the partner's shape, too: `www-authenticate`, `retry-after`. Names and values by turns. */
  readonly headers?: readonly string[]
}

export function refusal(kind: RefusalKind, detail: string, rest: Omit<Refusal, 'kind' | 'detail'> = {}): Refusal {
  return { kind, detail, ...rest }
}

export function isRefusal(answer: object): answer is Refusal {
  return 'kind' in answer
}
