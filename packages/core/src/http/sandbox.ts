import type { EngineRequest, EngineResponse } from './messages.ts'

/** Where a browser would run what it gets (Fetch Metadata, `Sec-Fetch-Dest`). */
const documents = new Set(['document', 'iframe', 'frame', 'object', 'embed'])

/** Whether the answer becomes a page of its own in a browser. */
export function isNavigation({ headers }: EngineRequest): boolean {
  const destination = headers.get('sec-fetch-dest')
  return destination !== null && documents.has(destination)
}

/** A mocked page shares its origin with the admin API: it is shown, but neither runs scripts nor acts for its visitor. */
export function sandboxed(response: EngineResponse): EngineResponse {
  return { ...response, headers: [...response.headers, 'content-security-policy', 'sandbox'] }
}
