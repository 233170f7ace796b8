import { Buffer } from 'node:buffer'
import type { JsonValue } from '../ports/storage.ts'
import type { EngineResponse } from './messages.ts'

const jsonType = 'application/json'

/** An answer of bytes. `headers` come first; `content-length` is added where a body is allowed. */
export function respond(status: number, headers: readonly string[], body: Uint8Array | null = null): EngineResponse {
  if (status === 204 || status === 304) return { status, headers, body: null }
  return { status, headers: [...headers, 'content-length', String(body?.byteLength ?? 0)], body }
}

/** An answer of imnot's own, in JSON. */
export function respondJson(status: number, value: JsonValue, headers: readonly string[] = []): EngineResponse {
  return respondJsonText(status, JSON.stringify(value), headers)
}

/** For JSON that is text already, such as a payload shown as it was uploaded. */
export function respondJsonText(status: number, text: string, headers: readonly string[] = []): EngineResponse {
  return respond(status, [...headers, 'content-type', jsonType], Buffer.from(text))
}

/** A refusal in one sentence that names the cause and the remedy. */
export function refuse(
  status: number,
  detail: string,
  more: Readonly<Record<string, JsonValue>> = {},
  headers: readonly string[] = [],
): EngineResponse {
  return respondJson(status, { detail, ...more }, headers)
}
