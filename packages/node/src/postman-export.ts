import type { JsonValue, PostmanExport } from '@imnot/core'

/** Loaded when a collection is asked for: no request of a consumer ever needs it. */
export const exportPostman: PostmanExport = async (definitions, options) => {
  const { toCollection } = await import('@imnot/postman')
  return toCollection(definitions, options) as unknown as JsonValue
}
