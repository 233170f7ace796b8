import { Buffer } from 'node:buffer'
import { tryParse } from '../http/json-text.ts'

/**
 * Where the elements of a JSON array lie in its bytes. Pages are cut out of the upload, so that `1.10` stays `1.10` in a
 * page too; nothing is parsed and written again.
 */
export type ItemSpans = readonly (readonly [start: number, end: number])[]

/** An array where it lies: its brackets and its items. */
export interface FoundArray {
  readonly open: number
  readonly close: number
  readonly items: ItemSpans
}

/** Null where the bytes are not a JSON array. Of bytes that are no well-formed JSON in UTF-8 it may be anything. */
export function findArrayItems(bytes: Uint8Array): ItemSpans | null {
  return findArray(bytes, [])?.items ?? null
}

/** The array at a path of names; null where there is none. Of names that come twice the last one counts, as in JSON.parse. */
export function findArray(bytes: Uint8Array, path: readonly string[]): FoundArray | null {
  let at = skipSpace(bytes, skipMark(bytes))
  for (const name of path) {
    const member = findMember(bytes, at, name)
    if (member === null) return null
    at = member
  }
  return readArray(bytes, at)
}

function readArray(bytes: Uint8Array, open: number): FoundArray | null {
  if (bytes[open] !== openBracket) return null
  const items: (readonly [number, number])[] = []
  let at = skipSpace(bytes, open + 1)
  while (at < bytes.byteLength && bytes[at] !== closeBracket) {
    const end = endOfValue(bytes, at)
    // What does not go on is no JSON.
    if (end === at) return null
    items.push([at, end])
    at = skipSpace(bytes, end)
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1)
  }
  return bytes[at] === closeBracket ? { open, close: at, items } : null
}

/** Where the value of this member begins, in the object that begins at `from`. */
function findMember(bytes: Uint8Array, from: number, name: string): number | null {
  if (bytes[from] !== openBrace) return null
  let found: number | null = null
  let at = skipSpace(bytes, from + 1)
  while (bytes[at] === quote) {
    const end = endOfString(bytes, at)
    const key = tryParse(Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf8'))
    // Over the colon.
    at = skipSpace(bytes, skipSpace(bytes, end) + 1)
    if (key === name) found = at
    const next = endOfValue(bytes, at)
    if (next === at) return null
    at = skipSpace(bytes, next)
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1)
  }
  return found
}

const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
const quote = 0x22
const backslash = 0x5c
const comma = 0x2c

function skipMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  while (isSpace(bytes[at])) at++
  return at
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function endOfValue(bytes: Uint8Array, from: number): number {
  let depth = 0
  for (let at = from; at < bytes.byteLength; at++) {
    const byte = bytes[at]
    if (byte === quote) {
      at = endOfString(bytes, at) - 1
    } else if (byte === openBracket || byte === openBrace) {
      depth++
    } else if (byte === closeBracket || byte === closeBrace) {
      if (depth === 0) return at
      depth--
    } else if (depth === 0 && (byte === comma || isSpace(byte))) {
      return at
    }
    if (depth === 0 && (byte === quote || byte === closeBracket || byte === closeBrace)) return at + 1
  }
  return bytes.byteLength
}

/** The position after the closing quote. */
function endOfString(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; at < bytes.byteLength; at++) {
    if (bytes[at] === backslash) at++
    else if (bytes[at] === quote) return at + 1
  }
  return bytes.byteLength
}
