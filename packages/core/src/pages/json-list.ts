import { Buffer } from 'node:buffer'
import { tryParse } from '../http/json-text.ts'
import { keepText } from '../rendering/verbatim.ts'
import { type FoundArray, findArray } from './array-items.ts'
import type { PageList } from './page-list.ts'

/**
 * An array inside uploaded JSON; its items are parsed when they are asked for, and keep the text that they were uploaded as.
 * Null where there is no array at the path.
 */
export function readJsonList(bytes: Uint8Array, path: readonly string[]): PageList | null {
  const found = findArray(bytes, path)
  if (found === null) return null
  const { items } = found
  const values: unknown[] = []
  const at = (index: number): unknown => {
    if (!(index in values) && index < items.length) values[index] = parse(textAt(bytes, found, index))
    return values[index]
  }
  return {
    length: items.length,
    at,
    take(indices) {
      const text = indices.map((index) => textAt(bytes, found, index)).join(',')
      return keepText(indices.map(at), `[${text}]`)
    },
    cut: (indices) => cutArray(bytes, found, indices),
  }
}

function textAt(bytes: Uint8Array, { items }: FoundArray, index: number): string {
  const [start, end] = items[index] ?? [0, 0]
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}

/** Nothing where the bytes are no JSON after all: an upload may have been taken verbatim. */
function parse(text: string): unknown {
  const value = tryParse(text)
  return typeof value === 'object' && value !== null ? keepText(value, text) : value
}

/** Items that follow each other keep what stands between them; whatever surrounds them stays. */
function cutArray(bytes: Uint8Array, { items, open, close }: FoundArray, indices: readonly number[]): Uint8Array {
  const first = items[0]
  const last = items.at(-1)
  if (first === undefined || last === undefined) return bytes
  const chunks: Uint8Array[] = [bytes.subarray(0, indices.length === 0 ? open + 1 : first[0])]
  indices.forEach((index, position) => {
    const [start, end] = items[index] ?? [0, 0]
    const before = indices[position - 1]
    if (before !== undefined) chunks.push(before + 1 === index ? bytes.subarray(items[before]?.[1], start) : comma)
    chunks.push(bytes.subarray(start, end))
  })
  chunks.push(bytes.subarray(indices.length === 0 ? close : last[1]))
  return Buffer.concat(chunks)
}

const comma = Buffer.from(',')
