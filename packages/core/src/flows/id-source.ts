import type { Exchange } from '../handling/exchange.ts'

/** How a step finds its flow: by the path's `{id}`, or by `id_from`. */
export function idSource(idFrom: string | undefined): (exchange: Exchange) => string {
  if (idFrom === undefined) return (exchange) => exchange.params.id ?? ''
  const dot = idFrom.indexOf('.')
  const root = idFrom.slice(0, dot)
  const name = idFrom.slice(dot + 1)
  const read = readers[root]
  if (read === undefined)
    throw new TypeError(`id_from names ${root}, which is none of ${Object.keys(readers).join(', ')}`)
  return (exchange) => asId(read(exchange, name))
}

const readers: Readonly<Record<string, (exchange: Exchange, name: string) => unknown>> = {
  params: (exchange, name) => exchange.params[name],
  query: (exchange, name) => exchange.query(name),
  headers: (exchange, name) => exchange.header(name),
  body: (exchange, name) => exchange.bodyValue(name),
}

/** An id that is not there is the empty one, which no flow has. */
function asId(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
