import { Buffer } from 'node:buffer'
import { typeOfBody } from '../http/declared-response.ts'
import { essence, isXmlType } from '../http/media-type.ts'
import type { Pause } from '../http/messages.ts'
import { writerFor } from './media/registry.ts'
import type { Scope } from './scope.ts'
import { compileTemplate, type TemplateOptions } from './template.ts'
import { toText } from './to-text.ts'
import { compileValue } from './value.ts'

/** A body as bytes, with the media type that its content tells where none is declared. */
export interface RenderedBody {
  readonly bytes: Uint8Array
  readonly type: string
  /** Where it waits while it is sent; absent: nowhere, and its length is told. */
  readonly pauses?: readonly Pause[]
}

/** A declared body, compiled once. */
export interface BodyRenderer {
  /** Null where its template finds nothing, and so there is no body. */
  (scope: Scope): RenderedBody | null
  readonly isFixed: boolean
  readonly reads: readonly string[]
}

/**
 * Compiles a body. A string is text: its templates are rendered, their values escaped in XML and HTML, and nothing else changes;
 * one that is exactly one template and finds a mapping or a list is written as such. A mapping or a list is written in the
 * declared media type, JSON by default.
 */
export function compileBody(declared: unknown, type: string | null, options: TemplateOptions = {}): BodyRenderer {
  const isText = typeof declared === 'string'
  const escapes = isText && isMarkup(type ?? typeOfBody(declared, declared))
  const render = isText
    ? compileTemplate(declared, { ...options, tags: true, escapes })
    : compileValue(declared, options)
  const write = writerFor(type, { keepsTexts: readsPage(render.reads) })
  const toBody = (value: unknown): RenderedBody | null => {
    if (value === undefined) return null
    if (isText && !isStructured(value)) return textBody(toText(value), type)
    return { bytes: Buffer.from(write(value)), type: type ?? 'application/json' }
  }
  if (render.isFixed) {
    const body = toBody(render(noScope))
    return Object.assign(() => body, { isFixed: true, reads: [] })
  }
  return Object.assign((scope: Scope) => toBody(render(scope)), { isFixed: false, reads: render.reads })
}

/** The same bytes each time. */
export function fixedBody(bytes: Uint8Array, type: string): BodyRenderer {
  const body = { bytes, type }
  return Object.assign(() => body, { isFixed: true, reads: [] })
}

// What is fixed reads nothing of it.
const noScope = Object.create(null) as Scope

function textBody(text: string, type: string | null): RenderedBody {
  return { bytes: Buffer.from(text), type: type ?? typeOfBody(text, text) }
}

/** Only the items of a page are ever cut out of an upload. */
function readsPage(reads: readonly string[]): boolean {
  return reads.some((read) => read === 'page' || read.startsWith('page.'))
}

function isStructured(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function isMarkup(type: string): boolean {
  return isXmlType(type) || essence(type) === 'text/html'
}
