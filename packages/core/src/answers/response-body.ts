import { Buffer } from 'node:buffer'
import { DefinitionFault } from '../definition-fault.ts'
import { type DeclaredBody, typeOfBody } from '../http/declared-response.ts'
import { charsetOf, decodeText } from '../http/media-type.ts'
import { mediaTypeOf } from '../http/media-type-of-file.ts'
import { type BodyRenderer, compileBody, fixedBody } from '../rendering/body.ts'
import type { Scope } from '../rendering/scope.ts'
import { compileSplice, type Splice } from '../splicing/compile-splice.ts'
import type { AnswerOptions } from './answer.ts'
import { compileEventBody } from './event-body.ts'

/** The body that an answer or a callback declares; null where it declares none. `type` is that of its media type, where one is declared. */
export function compileResponseBody(
  { body, body_file: file, body_events: events, template = false, splice }: DeclaredBody,
  type: string | null,
  options: AnswerOptions,
): BodyRenderer | null {
  if (events !== undefined) return compileEventBody(events, type, options)
  if (file === undefined) return body === undefined ? null : compileBody(body, type, options)
  const bytes = options.readFile?.(file) ?? new Uint8Array(0)
  const typeOfFile = type ?? mediaTypeOf(file)
  if (template) return compileBody(textOf(file, bytes, typeOfFile), typeOfFile, options)
  const sent = typeOfFile ?? typeOfBytes(bytes)
  return splice === undefined ? fixedBody(bytes, sent) : splicedBody(bytes, sent, compileSplice(splice, options))
}

function splicedBody(bytes: Uint8Array, type: string, splice: Splice): BodyRenderer {
  const fault = splice.problemOf(bytes, type)
  if (fault !== null)
    throw new DefinitionFault(`The file cannot be changed as "splice" says: ${fault.problem}.`, fault.selector)
  const render = (scope: Scope) => ({ bytes: splice.apply(bytes, type, scope), type })
  return Object.assign(render, { isFixed: false, reads: splice.reads })
}

function textOf(file: string, bytes: Uint8Array, type: string | null): string {
  try {
    return decodeText(bytes, charsetOf(type))
  } catch {
    throw new DefinitionFault(
      `The file "${file}" is no text in UTF-8, so that it cannot be a template; leave "template" out.`,
      file,
    )
  }
}

function typeOfBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('utf8')
  return Buffer.from(text).equals(buffer) ? typeOfBody(text, text) : 'application/octet-stream'
}
