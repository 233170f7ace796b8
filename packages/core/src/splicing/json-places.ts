import type { Node } from 'jsonc-parser'
import { library } from '../libraries.ts'
import type { ByteText } from './byte-text.ts'
import type { FoundPlaces, Place } from './place.ts'

/** The steps of a JSON Pointer (RFC 6901); null where the text is none. */
export function readPointer(pointer: string): string[] | null {
  if (pointer === '') return []
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return null
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The values that JSON Pointers name; of members of one name the last, which is the one that parsers read. */
export function findInJson(document: ByteText, selectors: readonly string[]): FoundPlaces {
  const root = parse(document.text)
  if (root === null) return { problem: 'the document is not well-formed JSON', selector: selectors[0] ?? '' }
  const places: Place[][] = []
  for (const selector of selectors) {
    const node = readPointer(selector)?.reduce<Node | undefined>((at, step) => childOf(at, step, document), root)
    if (node === undefined) return { problem: `the document has no value at ${JSON.stringify(selector)}`, selector }
    places.push([{ from: node.offset, to: node.offset + node.length, write: (value) => toJson(value, document) }])
  }
  return { places }
}

function parse(text: string): Node | null {
  const errors: unknown[] = []
  try {
    const root = library('jsonc').parseTree(text, errors as never[], {
      disallowComments: true,
      allowTrailingComma: false,
    })
    return root === undefined || errors.length > 0 ? null : root
  } catch (error) {
    // Nested deeper than the stack is.
    if (error instanceof RangeError) return null
    throw error
  }
}

function childOf(node: Node | undefined, step: string, document: ByteText): Node | undefined {
  if (node?.type === 'array') return /^(0|[1-9]\d{0,9})$/.test(step) ? node.children?.[Number(step)] : undefined
  if (node?.type !== 'object') return undefined
  return node.children?.findLast(({ children }) => nameOf(children?.[0], document) === step)?.children?.[1]
}

function nameOf(key: Node | undefined, document: ByteText): string | null {
  if (key === undefined) return null
  try {
    return JSON.parse(document.decode(key.offset, key.offset + key.length))
  } catch {
    return null
  }
}

function toJson(value: unknown, { isAsciiOnly }: ByteText): string {
  const text = JSON.stringify(value) ?? 'null'
  if (!isAsciiOnly) return text
  return text.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
