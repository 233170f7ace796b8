import { type Refusal, refusal } from '../answers/refusal.ts'
import type { Exchange } from '../handling/exchange.ts'
import type { EngineResponse } from '../http/messages.ts'
import { respond } from '../http/respond.ts'

/** RFC 9110, 13.2.2, of what depends on entity tags. `current` is null where there is no record yet. */
export function checkPreconditions(
  exchange: Exchange,
  current: string | null,
  isSafe: boolean,
): EngineResponse | Refusal | null {
  const ifMatch = exchange.header('if-match')
  if (ifMatch !== null && !matches(ifMatch, current, false)) {
    return failed(
      current === null
        ? 'If-Match asks for a record that is there, and there is none.'
        : `The record was changed: its ETag is ${current}, and If-Match says ${ifMatch}. Read it again, and send the change with its ETag of now.`,
    )
  }
  const ifNoneMatch = exchange.header('if-none-match')
  if (ifNoneMatch === null || !matches(ifNoneMatch, current, true)) return null
  if (isSafe) return respond(304, current === null ? [] : ['etag', current])
  return failed(
    `If-None-Match says ${ifNoneMatch}, and there is such a record already${tag(current)}; choose another id.`,
  )
}

/** RFC 9110, 13.1.1 compares strongly, 13.1.2 weakly. */
function matches(header: string, current: string | null, isWeak: boolean): boolean {
  if (current === null) return false
  if (header.trim() === '*') return true
  const tags = header.match(/(?:W\/)?"[^"]*"/g) ?? []
  return tags.some((one) => (isWeak ? one.replace(/^W\//, '') : one) === current)
}

function failed(detail: string): Refusal {
  return refusal('conflict', detail, { status: 412, more: { reason: 'precondition' } })
}

function tag(current: string | null): string {
  return current === null ? '' : `, with the ETag ${current}`
}
