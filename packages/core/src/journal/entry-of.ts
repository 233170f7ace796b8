import type { EngineHeaders, EngineResponse } from '../http/messages.ts'
import { keys } from '../keys.ts'
import type { WriteOperation } from '../ports/storage.ts'
import { readTarget } from '../routing/target.ts'
import type { SessionRule } from '../sessions/session-rule.ts'
import type { JournalEntry, JournalFacts } from './journal-entry.ts'
import { declaredLength } from './recorder.ts'
import type { Redact } from './redact.ts'
import type { Trace } from './trace.ts'

/** Makes an entry of what was traced. Done off the request's path. */
export function entryOf(trace: Trace, id: string, redact: Redact): JournalEntry {
  const { request, match, response } = trace
  const named = namedSession(trace)
  const session = trace.session === undefined ? named : trace.session
  const heard = trace.body?.heard() ?? null
  const responseBody = response?.body instanceof Uint8Array ? response.body : noBytes
  const facts: JournalFacts = {
    id,
    at: trace.at,
    durationMs: trace.durationMs ?? 0,
    method: request.method,
    url: redact.url(match?.pathAndQuery ?? readTarget(request.url)?.pathAndQuery ?? request.url),
    partner: match?.route.partner ?? null,
    datapoint: match?.route.datapoint ?? null,
    endpoint: match?.route.path ?? null,
    params: match?.params ?? {},
    step: match?.route.step ?? null,
    flow: trace.flow ?? startedFlow(trace.operations ?? []),
    session,
    sessionBy: session === null ? null : ruleOf(trace),
    status: response?.status ?? 0,
    refusedBy: trace.refusedBy ?? failures[response?.status ?? 0] ?? null,
    requestHeaders: redact.headers(headersOf(request.headers)),
    responseHeaders: redact.headers(pairs(response?.headers ?? [])),
    requestBytes: heard?.length ?? (declaredLength(request) || (trace.body === null ? 0 : null)),
    responseBytes: response?.body instanceof Uint8Array ? response.body.byteLength : response?.body === null ? 0 : null,
    nearest: trace.nearest ?? null,
    fault: response?.fault ?? null,
    sessionTime: trace.sessionTime ?? null,
    unfinished: trace.unfinished ?? null,
  }
  return {
    facts,
    requestBody: redact.body(heard?.bytes ?? noBytes, request.headers.get('content-type')),
    responseBody: redact.body(responseBody, typeOf(response)),
  }
}

/** By the base URL or by the header; what the request says, whether there is such a session or not. */
export function namedSession({ request, match }: Trace): string | null {
  const byPrefix = match === null ? readTarget(request.url)?.session : match.session
  return byPrefix ?? request.headers.get('x-imnot-session')
}

/** What an answer of imnot's own says by its status, where nothing else has said it. */
const failures: Readonly<Record<number, string>> = { 413: 'body_limit', 503: 'storage', 507: 'storage' }

const noBytes = new Uint8Array(0)

/** Where handling has not come so far as to say it, the request itself has named the session. */
function ruleOf({ match, request, sessionBy }: Trace): SessionRule {
  const byPrefix = match === null ? readTarget(request.url)?.session : match.session
  return sessionBy ?? (byPrefix ? 'prefix' : 'header')
}

/** The id of the flow that the request has started. */
function startedFlow(operations: readonly WriteOperation[]): string | null {
  for (const operation of operations) {
    if (operation.type === 'put' && isFlowKey(operation.key)) return (operation.value as { readonly id: string }).id
  }
  return null
}

function isFlowKey(key: string): boolean {
  return key.startsWith(keys.flows(keys.scope(null))) || /^in\/[^/]+\/flow\//.test(key)
}

function headersOf(headers: EngineHeaders): Iterable<readonly [string, string]> {
  return headers.entries?.() ?? []
}

function* pairs(list: readonly string[]): Generator<[string, string]> {
  for (let index = 0; index < list.length; index += 2) yield [list[index] ?? '', list[index + 1] ?? '']
}

function typeOf(response: EngineResponse | undefined): string | null {
  for (const [name, value] of pairs(response?.headers ?? [])) if (name.toLowerCase() === 'content-type') return value
  return null
}
