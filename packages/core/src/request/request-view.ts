import { charsetOf, decodeText } from '../http/media-type.ts'
import type { EngineHeaders } from '../http/messages.ts'
import { type HeaderView, headerView } from '../rendering/read-member.ts'
import { queryOf } from '../routing/target.ts'
import { readXml } from '../xml/read-xml.ts'
import type { XmlDocument } from '../xml/xml-document.ts'
import { parseBody } from './parse-body.ts'

/**
 * A request as templates and conditions see it. Each part is read when it is first asked for, and once; the body is parsed
 * on a copy, by its media type, and what cannot be parsed is nothing.
 */
export interface RequestView {
  readonly method: string
  /** As it was sent, without the query and without the session's prefix. */
  readonly path: string
  readonly url: string
  readonly params: Readonly<Record<string, string>>
  /** A parameter that was sent several times is a list. */
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly headers: HeaderView
  /** Data, of XML too; see `parseBody`. Undefined where the endpoint does not read the body. */
  readonly body: unknown
  readonly text: string
}

export interface RequestViewInput {
  readonly method: string
  readonly pathAndQuery: string
  readonly params: Readonly<Record<string, string>>
  readonly headers: EngineHeaders
  readonly bytes: Uint8Array
  readonly baseUrl: () => string
}

export function createRequestView(input: RequestViewInput): RequestView {
  const { method, pathAndQuery, params, bytes } = input
  let query: RequestView['query'] | undefined
  let headers: HeaderView | undefined
  let text: string | undefined
  let body: { readonly value: unknown } | undefined
  const view = {
    method,
    params,
    get path() {
      return pathAndQuery.split(/[?#]/, 1)[0] ?? '/'
    },
    get url() {
      return input.baseUrl() + pathAndQuery
    },
    get query() {
      query ??= readQuery(queryOf(pathAndQuery))
      return query
    },
    get headers() {
      headers ??= viewHeaders(input.headers)
      return headers
    },
    get text() {
      text ??= readText(bytes, input.headers.get('content-type'))
      return text
    },
    get body() {
      body ??= { value: parseBody(bytes, input.headers.get('content-type'), () => view.text) }
      return body.value
    },
  }
  return view
}

const documents = new WeakMap<RequestView, { readonly document: XmlDocument | null }>()

/** The body as an XML document for XPath, parsed once; null where it is none. Needs the library `xml`. */
export function documentOf(view: RequestView): XmlDocument | null {
  const known = documents.get(view)
  if (known !== undefined) return known.document
  const document = readXml(view.text)
  documents.set(view, { document })
  return document
}

/** Several values of one name are a list. */
export function readQuery(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const earlier = query[name]
    query[name] = earlier === undefined ? value : [earlier, value].flat()
  }
  return query
}

/** RFC 9110, 5.1. */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

function viewHeaders(headers: EngineHeaders): HeaderView {
  return {
    [headerView]: true,
    // A definition may ask for what no header can be called, for which Fetch's headers throw.
    get: (name) => (headerName.test(name) ? headers.get(name) : null),
    entries: () => headers.entries?.() ?? [],
  }
}

function readText(bytes: Uint8Array, contentType: string | null): string {
  try {
    return decodeText(bytes, charsetOf(contentType))
  } catch {
    return new TextDecoder().decode(bytes)
  }
}
