import { Buffer } from 'node:buffer'
import { createHmac } from 'node:crypto'
import { isSecretName } from '../http/secret-name.ts'

/** Puts hashes in the place of secrets: equal ones have equal hashes, so that reuse can be seen, and none leads back. */
export interface Redact {
  headers(pairs: Iterable<readonly [string, string]>): readonly (readonly [string, string])[]
  url(url: string): string
  /** Fields of JSON and forms that are named as secrets; any other body stays as it is. */
  body(bytes: Uint8Array, contentType: string | null): Uint8Array
}

/**
 * For the entries of one chunk: what was redacted once is not redacted again, and equal headers are one object. Consumers send
 * the same headers again and again, and a payload's bytes are the same each time.
 */
export function remembering(redact: Redact, mostBytes: number): Redact {
  const headers = new Map<string, readonly (readonly [string, string])[]>()
  const bodies = new Map<Uint8Array, Uint8Array>()
  return {
    url: redact.url,
    headers(pairs) {
      const all = Array.from(pairs)
      let key = ''
      for (const [name, value] of all) key += `${name}\0${value}\0`
      const known = headers.get(key)
      if (known !== undefined) return known
      const redacted = redact.headers(all)
      headers.set(key, redacted)
      return redacted
    },
    body(bytes, contentType) {
      const known = bodies.get(bytes)
      if (known !== undefined) return known
      const redacted = redact.body(bytes.subarray(0, mostBytes), contentType)
      bodies.set(bytes, redacted)
      return redacted
    },
  }
}

const credentials = new Set(['authorization', 'proxy-authorization'])
const cookies = new Set(['cookie', 'set-cookie'])

export function createRedact(key: Uint8Array): Redact {
  const hash = (secret: string) => `hash:${createHmac('sha256', key).update(secret).digest('hex').slice(0, 16)}`

  /** `Bearer hash:…`: the scheme is no secret. */
  function credential(value: string): string {
    const [scheme = '', ...rest] = value.split(' ')
    return rest.length === 0 ? hash(value) : `${scheme} ${hash(rest.join(' '))}`
  }

  /** The names are told, and the attributes of a `Set-Cookie`. */
  function cookie(value: string): string {
    const plain = /^(path|domain|expires|max-age|samesite)$/i
    return value.replace(/([^=;\s]+)=([^;]*)/g, (pair, name: string, text: string) =>
      plain.test(name) ? pair : `${name}=${hash(text)}`,
    )
  }

  function header(name: string, value: string): string {
    const lower = name.toLowerCase()
    if (credentials.has(lower)) return credential(value)
    if (cookies.has(lower)) return cookie(value)
    if (lower === 'location' || lower === 'referer') return url(value)
    return isSecretName(lower) ? hash(value) : value
  }

  function fields(text: string): string {
    return text.replace(/(^|[?&])([^=&#]+)=([^&#]*)/g, (pair, before: string, name: string, value: string) =>
      isSecretName(name) ? `${before}${name}=${hash(value)}` : pair,
    )
  }

  function url(text: string): string {
    const start = text.indexOf('?')
    return start === -1 ? text : text.slice(0, start) + fields(text.slice(start))
  }

  return {
    headers: (pairs) => Array.from(pairs, ([name, value]): [string, string] => [name, header(name, value)]),
    url,
    body(bytes, contentType) {
      const isForm = contentType?.includes('x-www-form-urlencoded') === true
      if (bytes.byteLength === 0 || (!isForm && contentType?.includes('json') !== true)) return bytes
      // Latin-1 keeps every byte as it is.
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
      const redacted = isForm
        ? fields(text)
        : text.replace(
            /"([^"\\]{1,64})"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g,
            (pair, name: string, colon: string, value: string) =>
              isSecretName(name) ? `"${name}"${colon}"${hash(value)}"` : pair,
          )
      return redacted === text ? bytes : Buffer.from(redacted, 'latin1')
    },
  }
}
