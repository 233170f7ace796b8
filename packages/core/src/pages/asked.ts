import type { Exchange } from '../handling/exchange.ts'
import type { JsonValue } from '../ports/storage.ts'
import type { Scope } from '../rendering/scope.ts'
import type { TemplateOptions } from '../rendering/template.ts'
import { isRequestSource, requestSource } from '../request/request-source.ts'

/** What a request said of its list, by name: the size of a page, filters, the order. A signed cursor carries it on. */
export type Asked = Readonly<Record<string, JsonValue>>

/** Takes down where requests say things, and reads them all at once. */
export interface Asking {
  /** The value of a declared source, or the plain value that is declared; undefined where the request does not say it. */
  value(name: string, declared: unknown): (asked: Asked) => unknown
  read(exchange: Exchange, scope: Scope): Asked
  /** As in `Renderer`; complete once every value is taken down. */
  readonly reads: Set<string>
}

export function createAsking(options: TemplateOptions): Asking {
  const sources = new Map<string, ReturnType<typeof requestSource>>()
  const asking: Asking = {
    reads: new Set(),
    value(name, declared) {
      if (Array.isArray(declared)) {
        const items = declared.map((item: unknown, index) => asking.value(`${name}.${index}`, item))
        return (asked) => items.map((item) => item(asked)).filter((item) => item !== undefined)
      }
      if (typeof declared !== 'string' || !isRequestSource(declared)) return () => declared
      const source = requestSource(declared, options)
      for (const read of source.reads) asking.reads.add(read)
      sources.set(name, source)
      return (asked) => asked[name]
    },
    read(exchange, scope) {
      const asked: Record<string, JsonValue> = {}
      for (const [name, source] of sources) {
        const value = source.read(exchange, scope)
        if (value !== undefined) asked[name] = value as JsonValue
      }
      return asked
    },
  }
  return asking
}
