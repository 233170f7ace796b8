import type { Exchange } from '../handling/exchange.ts'

/** The parameters of an OAuth request: fields of the form or of the JSON that some providers take, else of the query. */
export type Fields = (name: string) => string | null

export function fieldsOf(exchange: Exchange): Fields {
  return (name) => {
    const found = exchange.bytes.byteLength === 0 ? null : exchange.bodyValue(name)
    const value = Array.isArray(found) ? found[0] : found
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
    return exchange.query(name) || null
  }
}

export function listOf(scope: string | null): string[] {
  return (scope ?? '').split(' ').filter((one) => one !== '')
}
