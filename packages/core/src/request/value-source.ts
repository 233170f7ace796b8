import { hasTemplate } from '@imnot/schema'
import { compileSelector } from '../conditions/selector.ts'
import { type Renderer, rendererOf } from '../rendering/renderer.ts'
import { compileTemplate, type TemplateOptions } from '../rendering/template.ts'
import { toPlainData } from '../rendering/to-text.ts'
import type { RequestView } from './request-view.ts'

/**
 * Where a value stands in a request, compiled once: `params.NAME`, `query.NAME`, `headers.NAME`, `body.PATH`, a JSONPath, an
 * XPath, or a template. What finds several values gives a list. Throws a `DefinitionFault`.
 */
export function compileSource(source: string, options: TemplateOptions = {}): Renderer {
  if (hasTemplate(source)) {
    const template = compileTemplate(source, options)
    return template.isFixed ? template : rendererOf((scope) => toPlainData(template(scope)), template.reads)
  }
  if (source.startsWith('$') || source.startsWith('/')) return ofBody(source)
  const dot = source.indexOf('.')
  const root = source.slice(0, dot)
  const name = source.slice(dot + 1)
  if (root === 'body') return ofBody(name)
  const read = readers[root]
  if (read === undefined)
    throw new TypeError(`${source} names ${root}, which is none of body, ${Object.keys(readers).join(', ')}`)
  return rendererOf(
    ({ request }) => (request === undefined ? undefined : (read(request, name) ?? undefined)),
    [`request.${root}`],
  )
}

const readers: Readonly<Record<string, (request: RequestView, name: string) => unknown>> = {
  params: ({ params }, name) => params[name],
  query: ({ query }, name) => query[name],
  headers: ({ headers }, name) => headers.get(name.toLowerCase()),
}

function ofBody(selector: string): Renderer {
  const select = compileSelector(selector)
  return rendererOf(
    ({ request }) => {
      const found = select(selector.startsWith('/') ? undefined : request?.body, request)
      return found.length > 1 ? found : found[0]
    },
    ['request.body'],
  )
}
