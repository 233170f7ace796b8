import { Buffer } from 'node:buffer'
import { createHash, createHmac } from 'node:crypto'
import { toEscapedText, toText } from '../to-text.ts'
import type { Filter } from './filter.ts'

export const encodingFilters = {
  md5: digest('md5'),
  sha1: digest('sha1'),
  sha256: digest('sha256'),

  /** `{{ text | hmac: key, "sha256", "base64" }}`; by default SHA-256 in hexadecimal. */
  hmac: (input, [key, algorithm = 'sha256', encoding]) =>
    createHmac(toText(algorithm), toText(key)).update(toText(input)).digest(encodingOf(encoding)),

  /** Of the text's UTF-8; with "url" for URLs, without padding. */
  base64: (input, [variant]) => Buffer.from(toText(input)).toString(variant === 'url' ? 'base64url' : 'base64'),
  base64_decode: (input) => Buffer.from(toText(input), 'base64').toString(),
  hex: (input) => Buffer.from(toText(input)).toString('hex'),
  xml_escape: (input) => toEscapedText(input),
  /** RFC 3986: a space is %20. With "form" it is a plus sign. */
  url_encode(input, [variant]) {
    const encoded = encodeURIComponent(Buffer.from(toText(input)).toString()).replaceAll(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    )
    return variant === 'form' ? encoded.replaceAll('%20', '+') : encoded
  },
} satisfies Record<string, Filter>

function digest(algorithm: string): Filter {
  return (input, [encoding]) => createHash(algorithm).update(toText(input)).digest(encodingOf(encoding))
}

function encodingOf(name: unknown): 'hex' | 'base64' | 'base64url' {
  return name === 'base64' || name === 'base64url' ? name : 'hex'
}
