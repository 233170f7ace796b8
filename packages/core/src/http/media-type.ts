import { Buffer } from 'node:buffer'

/** The type without its parameters, in lower case: `application/json`. */
export function essence(contentType: string | null): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** `+json` is the suffix of RFC 6839; `application/x-amz-json-1.1` and `application/vnd.acme.json` are older than it. */
export function isJsonType(contentType: string | null): boolean {
  return /^[^/]+\/(.*[-+.])?json(-\d[\d.]*)?$/.test(essence(contentType))
}

export function isXmlType(contentType: string | null): boolean {
  const type = essence(contentType)
  return type === 'application/xml' || type === 'text/xml' || type.endsWith('+xml')
}

export function isFormType(contentType: string | null): boolean {
  return essence(contentType) === 'application/x-www-form-urlencoded'
}

/** The `charset` parameter in lower case; null where there is none. */
export function charsetOf(contentType: string | null): string | null {
  const match = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType ?? '')
  return match?.[1]?.toLowerCase() ?? null
}

/** Text for looking into bytes: by their byte order mark, else by the named charset, else as UTF-8. Throws on bytes that are not that. */
export function decodeText(bytes: Uint8Array, charset: string | null): string {
  const marked = charsetOfMark(bytes)
  return new TextDecoder(marked ?? knownCharset(charset) ?? 'utf-8', { fatal: true }).decode(bytes)
}

function charsetOfMark(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(3, bytes.byteLength)).toString('hex')
  if (head === 'efbbbf') return 'utf-8'
  if (head.startsWith('fffe')) return 'utf-16le'
  if (head.startsWith('feff')) return 'utf-16be'
  return null
}

function knownCharset(label: string | null): string | null {
  if (label === null) return null
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}
