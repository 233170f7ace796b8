/** What a condition may ask of a value. A test keeps them equal to the ones that core has. */
export const operatorNames = ['equals', 'in', 'contains', 'matches', 'exists', 'gt', 'gte', 'lt', 'lte'] as const

/** Parts of the request that a condition names without `request`. */
export const requestParts = ['method', 'path', 'url', 'params', 'query', 'headers', 'body', 'text'] as const

/** What else a condition may ask about, beside loop variables. */
export const conditionRoots: readonly string[] = [
  ...requestParts,
  ...['request', 'flow', 'record', 'records', 'page', 'token', 'session', 'delivery', 'any', 'all', 'not'],
]
