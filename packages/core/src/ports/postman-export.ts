import type { PartnerDefinition } from '@imnot/schema'
import type { JsonValue } from './storage.ts'

/**
 * Makes a Postman collection of these definitions. `baseUrl` is where the mocks are reached, without a slash at the end;
 * null means where the host knows itself to be.
 */
export type PostmanExport = (
  definitions: readonly PartnerDefinition[],
  options: { readonly baseUrl: string | null },
) => Promise<JsonValue>
