import { createScope, type Scope, type ScopeSources } from '../../src/rendering/scope.ts'
import { createRequestView } from '../../src/request/request-view.ts'

export interface RequestOptions {
  readonly method?: string
  readonly path?: string
  readonly params?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** A scope with a request, at one fixed moment. */
export function scopeOf(options: RequestOptions = {}, sources: ScopeSources = {}): Scope {
  const { method = 'GET', path = '/', params = {}, headers = {}, body = '' } = options
  const request = createRequestView({
    method,
    pathAndQuery: path,
    params,
    headers: new Headers(headers),
    bytes: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    baseUrl: () => 'http://mock',
  })
  return createScope({
    request: () => request,
    now: () => '2026-03-01T12:30:45.250Z',
    base_url: () => 'http://mock',
    ...sources,
  })
}

export function jsonRequest(body: unknown): RequestOptions {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
