import { essence, isFormType, isJsonType, isXmlType } from '../http/media-type.ts'
import { readXml } from '../xml/read-xml.ts'
import { xmlToData } from '../xml/xml-to-data.ts'
import { parseCsv } from './csv.ts'
import { nestFields } from './form.ts'
import { boundaryOf, parseMultipart } from './multipart.ts'

/**
 * A body as data, by its media type: JSON, a form with bracketed names nested, the parts of a multipart by name, CSV as a
 * list of mappings, JSON lines as a list, XML by the local names of its elements; other text as it is. Undefined where it is
 * not what it says. A client that names no type, or curl's form type for JSON, is taken by what the text looks like.
 */
export function parseBody(bytes: Uint8Array, contentType: string | null, text: () => string): unknown {
  if (bytes.byteLength === 0) return undefined
  const type = essence(contentType)
  if (type.startsWith('multipart/')) return parseMultipart(bytes, boundaryOf(contentType))
  if (isJsonType(contentType)) return parseJson(text())
  if (isFormType(contentType)) return looksLikeJson(text()) ? parseJson(text()) : parseForm(text())
  if (isXmlType(contentType)) return xmlToData(readXml(text()))
  if (type === 'text/csv') return parseCsv(text())
  if (jsonLines.includes(type)) return parseJsonLines(text())
  if (type === '') return looksLikeJson(text()) ? parseJson(text()) : text()
  return type.startsWith('text/') ? text() : undefined
}

const jsonLines: readonly string[] = [
  'application/x-ndjson',
  'application/jsonl',
  'application/json-lines',
  'application/jsonlines',
]

function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text)
}

function parseForm(text: string): unknown {
  return nestFields([...new URLSearchParams(text)])
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parseJsonLines(text: string): unknown {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseJson)
}
