import type { ClientCredential } from '../sessions/credentials.ts'
import { parseDuration } from './duration.ts'
import { isLabel, labelRule } from './label.ts'
import { readBind } from './read-bind.ts'

/** What a session is to be like, as far as the caller says. */
export interface SessionOptions {
  readonly label: string | null
  readonly ttlMs?: number
  readonly isolated?: boolean
  readonly bind: readonly ClientCredential[]
  /** The session that it is to be a copy of, by id or label. */
  readonly from: string | null
}

const names = ['label', 'ttl', 'isolated', 'bind', 'from']

const longestTtlMs = 366 * 24 * 3_600_000

/** The options, or what is wrong with them. */
export function readSessionOptions(object: Readonly<Record<string, unknown>>): SessionOptions | string {
  const unknown = Object.keys(object).find((name) => !names.includes(name))
  if (unknown !== undefined) return `A session has no "${unknown}"; it has label, ttl, isolated, bind and from.`
  const { label = null, ttl, isolated, bind = {}, from = null } = object
  if (label !== null && !isLabel(label)) return labelRule
  const ttlMs = typeof ttl === 'string' ? parseDuration(ttl) : null
  if (ttl !== undefined && (ttlMs === null || ttlMs < 1000 || ttlMs > longestTtlMs))
    return 'ttl must be a duration from "1s" to "366d", such as "30m" or "7d".'
  if (isolated !== undefined && typeof isolated !== 'boolean') return 'isolated must be true or false.'
  if (from !== null && typeof from !== 'string') return 'from must be the id or the label of the session to copy.'
  const credentials = readBind(bind)
  if (typeof credentials === 'string') return credentials
  return {
    label,
    ...(ttlMs !== null && { ttlMs }),
    ...(isolated !== undefined && { isolated }),
    bind: credentials,
    from,
  }
}
