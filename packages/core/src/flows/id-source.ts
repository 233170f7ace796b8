import type { Exchange } from '../handling/exchange.ts'
import { requestScope } from '../handling/scope-of-request.ts'
import { compileSource } from '../request/value-source.ts'

/** The id that a request names, by the path's `{id}` or by `id_from`. */
export interface IdSource {
  (exchange: Exchange): string
  /** As in `Renderer`. */
  readonly reads: readonly string[]
}

export function idSource(idFrom: string | undefined): IdSource {
  if (idFrom === undefined) return Object.assign((exchange: Exchange) => exchange.params.id ?? '', { reads: [] })
  const read = compileSource(idFrom)
  return Object.assign((exchange: Exchange) => asId(read(requestScope(exchange))), { reads: read.reads })
}

/** An id that is not there is the empty one, which no flow has. */
function asId(value: unknown): string {
  const [first] = [value].flat()
  return typeof first === 'string' || typeof first === 'number' ? String(first) : ''
}
