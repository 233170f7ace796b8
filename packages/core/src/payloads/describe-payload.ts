import { Buffer } from 'node:buffer'
import { isJsonText } from '../http/json-text.ts'
import { charsetOf, decodeText, essence, isJsonType, isXmlType } from '../http/media-type.ts'
import type { PayloadState, PayloadValue } from './payload-record.ts'

/**
 * A payload as the admin API shows it, as JSON text. A JSON payload stands in it as it was uploaded, text as a string, all
 * else in base64, which `encoding` then says.
 */
export function describePayload(payload: PayloadState, more: Readonly<Record<string, unknown>> = {}): string {
  const { value, body } = payload
  const shown = shownBody(body, value.contentType)
  const rest = {
    ...(shown.encoding === null ? {} : { encoding: shown.encoding }),
    updated_at: new Date(value.updatedAt).toISOString(),
    content_type: value.contentType,
    bytes: value.bytes,
    sha256: value.sha256,
    ...describeKind(value),
    ...more,
  }
  return `{"payload":${shown.json},${JSON.stringify(rest).slice(1)}`
}

/** What an upload says beside its bytes, as far as it says it. */
export function describeKind({ params, status, headers }: Pick<PayloadValue, 'params' | 'status' | 'headers'>) {
  const pairs = headers?.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1] ?? '']] : []))
  return {
    ...(params !== undefined && { params }),
    ...(status !== undefined && { status }),
    ...(pairs !== undefined && { headers: pairs }),
  }
}

function shownBody(body: Uint8Array, contentType: string): { json: string; encoding: 'base64' | null } {
  const text = isText(contentType) ? tryDecode(body, contentType) : null
  if (text === null) return { json: JSON.stringify(Buffer.from(body).toString('base64')), encoding: 'base64' }
  if (isJsonType(contentType) && isJsonText(text)) return { json: text, encoding: null }
  return { json: JSON.stringify(text), encoding: null }
}

function isText(contentType: string): boolean {
  return isJsonType(contentType) || isXmlType(contentType) || essence(contentType).startsWith('text/')
}

function tryDecode(body: Uint8Array, contentType: string): string | null {
  try {
    return decodeText(body, charsetOf(contentType))
  } catch {
    return null
  }
}
