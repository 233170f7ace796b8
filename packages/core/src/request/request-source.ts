import type { Exchange } from '../handling/exchange.ts'
import { isPresent } from '../rendering/read-member.ts'
import type { Scope } from '../rendering/scope.ts'
import { compileTemplate, type TemplateOptions } from '../rendering/template.ts'

/** Where a request says something: `query.NAME`, `body.PATH`, `headers.NAME`, `params.NAME`, or a template. */
export interface RequestSource {
  /** Undefined where the request says nothing, or nothing but an empty text. */
  read(exchange: Exchange, scope: Scope): unknown
  /** The query parameter that it is; null where it is elsewhere. */
  readonly parameter: string | null
  /** As in `Renderer`. */
  readonly reads: readonly string[]
}

/** Whether a declared text is a source, and not a plain value. */
export function isRequestSource(text: string): boolean {
  return text.includes('{{') || /^(query|body|headers|params)\./.test(text)
}

export function requestSource(declared: string, options: TemplateOptions = {}): RequestSource {
  const found = /^(query|body|headers|params)\.([\s\S]+)$/.exec(declared)
  if (found === null || declared.includes('{{')) {
    const template = compileTemplate(declared, options)
    return { read: (_exchange, scope) => present(template(scope)), parameter: null, reads: template.reads }
  }
  const [, root = '', name = ''] = found
  const read = readers[root] as (exchange: Exchange, name: string) => unknown
  return {
    read: (exchange) => present(read(exchange, name)),
    parameter: root === 'query' ? name : null,
    reads: [`request.${root}`],
  }
}

const readers: Readonly<Record<string, (exchange: Exchange, name: string) => unknown>> = {
  params: (exchange, name) => exchange.params[name],
  query: (exchange, name) => exchange.view.query[name],
  headers: (exchange, name) => exchange.header(name),
  body: (exchange, name) => exchange.bodyValue(name),
}

function present(value: unknown): unknown {
  return isPresent(value) ? value : undefined
}
