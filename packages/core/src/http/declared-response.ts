import type { DeclaredEvent } from '@imnot/schema'
import { isJsonText } from './json-text.ts'

/** The part of a definition's response that every pattern shares. */
export interface DeclaredResponse extends DeclaredBody {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly content_type?: string | undefined
}

/** What may be declared wherever a body is. */
export interface DeclaredBody {
  readonly body?: unknown
  /** A file beside the definition, in the place of `body`. */
  readonly body_file?: string | undefined
  /** Whether the file's text is a template. @default false */
  readonly template?: boolean | undefined
  /** A stream of events, in the place of `body`. */
  readonly body_events?: readonly DeclaredEvent[] | undefined
  /** Values in the bytes of a payload or a file that are replaced, by JSON Pointer or XPath. */
  readonly splice?: Readonly<Record<string, unknown>> | undefined
}

/** Names and values by turns. */
export function flatHeaders(headers: DeclaredResponse['headers']): string[] {
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((one) => [name, String(one)]))
}

/** The headers with a content type, unless they name one themselves. */
export function withType(headers: readonly string[], type: string | null): readonly string[] {
  const named = headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type')
  return type === null || named ? headers : [...headers, 'content-type', type]
}

/** A string that is a JSON object or list is sent as JSON, as the Python imnot does; its text stays as it is. */
export function typeOfBody(body: unknown, text: string): string {
  if (typeof body !== 'string') return 'application/json'
  if (/^\s*[{[]/.test(text) && isJsonText(text)) return 'application/json'
  return /^\s*<\?xml\s/.test(text) ? 'application/xml' : 'text/plain; charset=utf-8'
}
