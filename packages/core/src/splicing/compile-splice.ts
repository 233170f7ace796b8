import { Buffer } from 'node:buffer'
import { DefinitionFault } from '../definition-fault.ts'
import { charsetOf, isJsonType, isXmlType } from '../http/media-type.ts'
import { library } from '../libraries.ts'
import { readsOf } from '../rendering/renderer.ts'
import type { Scope } from '../rendering/scope.ts'
import type { TemplateOptions } from '../rendering/template.ts'
import { compileValue } from '../rendering/value.ts'
import { type ByteText, readByteText } from './byte-text.ts'
import { findInJson, readPointer } from './json-places.ts'
import type { FoundPlaces } from './place.ts'
import { findInXml } from './xml-places.ts'

/** A declared `splice`, compiled once. */
export interface Splice {
  /** As in `Renderer`. */
  readonly reads: readonly string[]
  /** What keeps it from being done to this document, as the end of a sentence, with the selector that names nothing; null: nothing. */
  problemOf(bytes: Uint8Array, type: string | null): { readonly problem: string; readonly selector: string } | null
  /** The document with the named values replaced and every other byte as it was. Where there is a problem it is the document itself. */
  apply(bytes: Uint8Array, type: string | null, scope: Scope): Uint8Array
}

interface Document {
  readonly text: ByteText
  readonly found: FoundPlaces
}

/** Throws a `DefinitionFault`. */
export function compileSplice(declared: Readonly<Record<string, unknown>>, options: TemplateOptions): Splice {
  const selectors = Object.keys(declared)
  for (const selector of selectors) checkSelector(selector)
  const values = selectors.map((selector) => compileValue(declared[selector], options))
  // A body is read once for each time that it was uploaded.
  const documents = new WeakMap<Uint8Array, Document>()
  library('xml')
  library('jsonc')

  function documentOf(bytes: Uint8Array, type: string | null): Document {
    const known = documents.get(bytes)
    if (known !== undefined) return known
    const document = readDocument(bytes, type, selectors)
    documents.set(bytes, document)
    return document
  }

  return {
    reads: readsOf(values),
    problemOf(bytes, type) {
      const { found } = documentOf(bytes, type)
      return 'problem' in found ? found : null
    },
    apply(bytes, type, scope) {
      const { text, found } = documentOf(bytes, type)
      if ('problem' in found) return bytes
      const edits = found.places.flatMap((places, index) => {
        const value = values[index]?.(scope)
        return value === undefined ? [] : places.map(({ from, to, write }) => ({ from, to, written: write(value) }))
      })
      return replace(bytes, text, edits)
    },
  }
}

function checkSelector(selector: string): void {
  if (selector === '' || selector.startsWith('/')) return
  throw new DefinitionFault(
    `"splice" names values by a JSON Pointer or an XPath, which begin with a slash, e.g. /reservation/id; found ${JSON.stringify(selector)}.`,
    selector,
  )
}

function readDocument(bytes: Uint8Array, type: string | null, selectors: readonly string[]): Document {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1').replaceAll('\0', '')
  const isXml = isXmlType(type) || (!isJsonType(type) && /^[^{["\w]*</.test(head))
  const declared = isXml ? (/^[^<]*<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)/.exec(head)?.[1] ?? null) : null
  const text = readByteText(bytes, charsetOf(type) ?? declared)
  const selector = selectors[0] ?? ''
  if (text === null)
    return { text: noText, found: { problem: 'the document is in an encoding that cannot be spliced', selector } }
  const found = isXml
    ? findInXml(text, selectors)
    : findInJson(
        text,
        selectors.filter((one) => readPointer(one) !== null),
      )
  return { text, found: withoutOverlaps(found, selector) }
}

const noText: ByteText = {
  text: '',
  byteAt: () => 0,
  decode: () => '',
  encode: () => new Uint8Array(0),
  isAsciiOnly: true,
}

function withoutOverlaps(found: FoundPlaces, selector: string): FoundPlaces {
  if ('problem' in found) return found
  const sorted = found.places.flat().sort((one, other) => one.from - other.from || one.to - other.to)
  const overlaps = sorted.some(({ from, to }, index) => {
    const before = sorted[index - 1]
    return before !== undefined && (from < before.to || (from === before.from && to === before.to))
  })
  return overlaps
    ? { problem: 'two of its selectors name the same value, or one that is inside another', selector }
    : found
}

interface Edit {
  readonly from: number
  readonly to: number
  readonly written: string
}

function replace(bytes: Uint8Array, text: ByteText, edits: readonly Edit[]): Uint8Array {
  const pieces: Uint8Array[] = []
  let at = 0
  for (const { from, to, written } of [...edits].sort((one, other) => one.from - other.from)) {
    pieces.push(bytes.subarray(at, text.byteAt(from)), text.encode(written))
    at = text.byteAt(to)
  }
  return Buffer.concat([...pieces, bytes.subarray(at)])
}
