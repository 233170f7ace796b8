/**
 * The part of the Postman collection format v2.1 that imnot writes
 * (https://schema.getpostman.com/json/collection/v2.1.0/collection.json).
 */
export interface PostmanCollection {
  readonly info: { readonly name: string; readonly description: string; readonly schema: string }
  readonly item: readonly PostmanFolder[]
  readonly event: readonly PostmanEvent[]
  readonly variable: readonly PostmanVariable[]
  readonly protocolProfileBehavior: Readonly<Record<string, boolean>>
}

export interface PostmanFolder {
  readonly name: string
  readonly description?: string
  readonly item: readonly (PostmanFolder | PostmanItem)[]
}

/** One request, with its tests and saved answers. */
export interface PostmanItem {
  readonly name: string
  readonly protocolProfileBehavior?: { readonly followRedirects: boolean }
  readonly event: readonly PostmanEvent[]
  readonly request: PostmanRequest
  readonly response: readonly PostmanResponse[]
}

export interface PostmanRequest {
  readonly method: string
  readonly description?: string
  readonly auth?: { readonly type: 'bearer'; readonly bearer: readonly PostmanPair[] } | { readonly type: 'noauth' }
  readonly header: readonly PostmanPair[]
  readonly url: PostmanUrl
  readonly body?: PostmanBody
}

export interface PostmanUrl {
  readonly raw: string
  readonly host: readonly string[]
  readonly path: readonly string[]
  readonly query?: readonly PostmanPair[]
}

export type PostmanBody =
  | { readonly mode: 'raw'; readonly raw: string; readonly options?: { readonly raw: { readonly language: string } } }
  | { readonly mode: 'urlencoded'; readonly urlencoded: readonly PostmanPair[] }

export interface PostmanPair {
  readonly key: string
  readonly value: string
  readonly type?: 'text' | 'string'
}

/** An answer that was saved beside its request. */
export interface PostmanResponse {
  readonly name: string
  readonly originalRequest: PostmanRequest
  readonly code: number
  readonly status: string
  readonly _postman_previewlanguage: string
  readonly header: readonly PostmanPair[]
  readonly cookie: readonly never[]
  readonly body: string
}

export interface PostmanEvent {
  readonly listen: 'prerequest' | 'test'
  readonly script: { readonly type: 'text/javascript'; readonly exec: readonly string[] }
}

export interface PostmanVariable {
  readonly key: string
  readonly value: string
  readonly type: 'string'
  readonly description?: string
}
