import { Buffer } from 'node:buffer'
import type { JsonValue } from '../ports/storage.ts'
import type { JournalEntry } from './journal-entry.ts'

/** As the admin API shows it. */
export function describeEntry({ facts, requestBody, responseBody }: JournalEntry): Readonly<Record<string, JsonValue>> {
  return {
    id: facts.id,
    at: new Date(facts.at).toISOString(),
    duration_ms: facts.durationMs,
    method: facts.method,
    url: facts.url,
    partner: facts.partner,
    datapoint: facts.datapoint,
    endpoint: facts.endpoint,
    step: facts.step,
    flow_id: facts.flow,
    session_id: facts.session,
    session_by: facts.sessionBy,
    status: facts.status,
    refused_by: facts.refusedBy,
    request: { headers: facts.requestHeaders, body: describeBody(requestBody, facts.requestBytes) },
    response: { headers: facts.responseHeaders, body: describeBody(responseBody, facts.responseBytes) },
    ...(facts.nearest === null ? {} : { nearest: facts.nearest }),
    ...(facts.unfinished === null ? {} : { unfinished: facts.unfinished }),
    ...(facts.fault === null ? {} : { fault: facts.fault }),
  }
}

/** Null where it was not read or there is none. */
function describeBody(bytes: Uint8Array, length: number | null): JsonValue {
  if (length === null || length === 0) return null
  return { ...textOf(bytes), bytes: length, truncated: bytes.byteLength < length }
}

function textOf(bytes: Uint8Array): Readonly<Record<string, string>> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('utf8')
  return Buffer.from(text).equals(buffer) ? { text } : { base64: buffer.toString('base64') }
}
