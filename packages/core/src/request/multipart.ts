import { Buffer } from 'node:buffer'
import { charsetOf, isJsonType } from '../http/media-type.ts'
import { nestFields } from './form.ts'

/** A file of a multipart body as templates see it; its bytes are read as UTF-8 for `text`. */
export interface FilePart {
  readonly filename: string
  readonly content_type: string
  readonly size: number
  readonly text: string
}

export function boundaryOf(contentType: string | null): string | null {
  const found = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType ?? '')
  return found?.[1] ?? found?.[2] ?? null
}

/**
 * The parts of a multipart body by their names (RFC 7578): text, parsed JSON where a part says it is, a `FilePart` where it
 * has a file's name. Undefined where the boundary is not there.
 */
export function parseMultipart(bytes: Uint8Array, boundary: string | null): unknown {
  if (boundary === null) return undefined
  const fields: [string, unknown][] = []
  for (const part of splitParts(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), `--${boundary}`)) {
    const { headers, body } = readPart(part)
    const disposition = headers.get('content-disposition') ?? ''
    const name = parameterOf(disposition, 'name')
    if (name !== null) fields.push([name, partValue(headers, parameterOf(disposition, 'filename'), body)])
  }
  return nestFields(fields)
}

function splitParts(bytes: Buffer, delimiter: string): Buffer[] {
  const parts: Buffer[] = []
  let start = bytes.indexOf(delimiter)
  while (start !== -1) {
    const begin = start + delimiter.length
    const next = bytes.indexOf(`\r\n${delimiter}`, begin)
    if (next === -1 || bytes.toString('latin1', begin, begin + 2) === '--') break
    parts.push(bytes.subarray(begin + 2, next))
    start = next + 2
  }
  return parts
}

function readPart(part: Buffer): { headers: Map<string, string>; body: Buffer } {
  const headers = new Map<string, string>()
  // A part without headers begins with the empty line itself.
  const end = part.indexOf('\r\n') === 0 ? -2 : part.indexOf('\r\n\r\n')
  const head = end < 0 ? '' : part.toString('utf8', 0, end)
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return { headers, body: end === -1 ? part.subarray(part.length) : part.subarray(end + 4) }
}

function partValue(headers: ReadonlyMap<string, string>, filename: string | null, body: Buffer): unknown {
  const type = headers.get('content-type') ?? null
  const text = decode(body, charsetOf(type))
  if (filename !== null) {
    const contentType = type ?? 'application/octet-stream'
    return { filename, content_type: contentType, size: body.byteLength, text } satisfies FilePart
  }
  if (!isJsonType(type)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function decode(body: Buffer, charset: string | null): string {
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(body)
  } catch {
    return body.toString('utf8')
  }
}

function parameterOf(header: string, name: string): string | null {
  const found = new RegExp(`;\\s*${name}="((?:[^"\\\\]|\\\\.)*)"|;\\s*${name}=([^\\s;"]+)`, 'i').exec(header)
  if (found === null) return null
  return found[2] ?? (found[1] ?? '').replaceAll(/\\(["\\])/g, '$1').replaceAll('%22', '"')
}
