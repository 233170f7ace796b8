import { Buffer } from 'node:buffer'
import { isFormType } from '../http/media-type.ts'
import type { JournalEntry } from '../journal/journal-entry.ts'

/** The value of a header; null where it was not sent. */
export function headerOf(pairs: readonly (readonly [string, string])[], name: string): string | null {
  return pairs.find(([header]) => header.toLowerCase() === name)?.[1] ?? null
}

export function pathOf({ facts }: JournalEntry): string {
  return facts.url.split('?')[0] ?? ''
}

/** `POST /v1/jobs`, for people. */
export function nameOf({ facts }: JournalEntry): string {
  return `${facts.method} ${facts.url}`
}

/** The members of a JSON object or a form; null for anything else. */
export function membersOf(body: Uint8Array, contentType: string | null): Readonly<Record<string, unknown>> | null {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  if (isFormType(contentType)) return Object.fromEntries(new URLSearchParams(text))
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

export function answeredMembers(entry: JournalEntry): Readonly<Record<string, unknown>> | null {
  return membersOf(entry.responseBody, headerOf(entry.facts.responseHeaders, 'content-type'))
}

export function sentMembers(entry: JournalEntry): Readonly<Record<string, unknown>> | null {
  return membersOf(entry.requestBody, headerOf(entry.facts.requestHeaders, 'content-type'))
}

/** Whether a client without further knowledge sends the request again: it got no answer, or one that asks for it. */
export function hasFailed({ facts }: JournalEntry): boolean {
  return facts.fault !== null || facts.status >= 500 || [408, 425, 429].includes(facts.status)
}

/**
 * How long after the answer to the first the second came, in milliseconds: by the clock that says more, since a test may
 * advance its session's clock instead of waiting.
 */
export function pauseBetween(first: JournalEntry, second: JournalEntry): number {
  const answeredAt = first.facts.at + first.facts.durationMs
  const byWall = second.facts.at - answeredAt
  const [before, after] = [first.facts.sessionTime, second.facts.sessionTime]
  return before === null || after === null ? byWall : Math.max(byWall, after - before)
}

/** Groups in the order of their first requests. */
export function groupBy(
  entries: readonly JournalEntry[],
  keyOf: (entry: JournalEntry) => string | null,
): readonly JournalEntry[][] {
  const groups = new Map<string, JournalEntry[]>()
  for (const entry of entries) {
    const key = keyOf(entry)
    if (key === null) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [entry])
    else group.push(entry)
  }
  return [...groups.values()]
}

export function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 0))} s`
}
