import type { CustomPattern, JsonValue, PostmanExport } from '@imnot/core'

/**
 * Collections for mocks that are reached at `ownUrl`. The library is loaded when one is asked for: no request of a consumer
 * ever needs it.
 */
export function postmanExport(ownUrl: () => string, patterns: readonly CustomPattern[] = []): PostmanExport {
  return async (definitions, { baseUrl }) => {
    const { toCollection } = await import('@imnot/postman')
    return toCollection(definitions, { baseUrl: baseUrl ?? ownUrl(), patterns }) as unknown as JsonValue
  }
}
