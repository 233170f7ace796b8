import { type DeclaredResponse, flatHeaders } from '../http/declared-response.ts'
import { isPresent } from '../rendering/read-member.ts'
import { type Renderer, readsOf } from '../rendering/renderer.ts'
import type { Scope } from '../rendering/scope.ts'
import { compileTemplate, type TemplateOptions } from '../rendering/template.ts'
import { toText } from '../rendering/to-text.ts'

/** Declared headers, compiled once: names and values by turns. */
export interface HeadersRenderer {
  (scope: Scope): readonly string[]
  readonly isFixed: boolean
  readonly reads: readonly string[]
}

type Headers = DeclaredResponse['headers']

/** The headers of `defaults` with an answer's own; one of the same name, in any case, takes its place. */
export function mergeHeaders(defaults: Headers, own: Headers): Headers {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()))
  const inherited = Object.entries(defaults).filter(([name]) => !names.has(name.toLowerCase()))
  return inherited.length === 0 ? own : Object.fromEntries([...inherited, ...Object.entries(own)])
}

/** A header whose template finds nothing is left out. */
export function compileHeaders(declared: Headers, options: TemplateOptions = {}): HeadersRenderer {
  const flat = flatHeaders(declared)
  const values = flat.map((text, index) => (index % 2 === 0 ? null : compileTemplate(text, options)))
  const renderers = values.filter((value): value is Renderer => value !== null)
  if (renderers.every((renderer) => renderer.isFixed)) {
    const fixed = flat.map((text, index) => (index % 2 === 0 ? text : sendable(toText(values[index]?.(noScope)))))
    return Object.assign(() => fixed, { isFixed: true, reads: [] })
  }
  const render = (scope: Scope) => {
    const headers: string[] = []
    for (let index = 0; index < flat.length; index += 2) {
      const value = values[index + 1]?.(scope)
      if (isPresent(value)) headers.push(flat[index] ?? '', sendable(toText(value)))
    }
    return headers
  }
  return Object.assign(render, { isFixed: false, reads: readsOf(renderers) })
}

const noScope = Object.create(null) as Scope

/** What a request put into a header can neither end it nor begin another: only printable Latin-1 is sent. */
function sendable(value: string): string {
  return value.replaceAll(/[^\t\x20-\x7e\u0080-\u00ff]+/g, (found) => (/^[\r\n\0]/.test(found) ? ' ' : '?'))
}
