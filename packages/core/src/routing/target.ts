/** Where a request wants to go, read off its URL without decoding more than is needed. */
export interface Target {
  /** Path and query as they were sent, without scheme and host, and without the session's prefix. */
  readonly pathAndQuery: string
  /** The session that the base URL names, decoded; null where it names none. */
  readonly session: string | null
  /** What stands before every path that imnot generates for this client: `''`, or `/imnot/s/{session}`. */
  readonly prefix: string
}

const sessionPrefix = '/imnot/s/'

/** Null where the URL is no URL. */
export function readTarget(url: string): Target | null {
  const local = url.charCodeAt(0) === slash ? url : withoutOrigin(url)
  if (local === null) return null
  if (!local.startsWith(sessionPrefix)) return { pathAndQuery: local, session: null, prefix: '' }
  const end = endOfSegment(local, sessionPrefix.length)
  const session = decodeSegment(local.slice(sessionPrefix.length, end))
  if (session === null || session === '') return null
  const rest = local.slice(end)
  return {
    pathAndQuery: rest.charCodeAt(0) === slash ? rest : `/${rest}`,
    session,
    prefix: local.slice(0, end),
  }
}

/** The path alone, percent-decoded as far as it can be; for messages and for names that no mock may take. */
export function decodedPath(pathAndQuery: string): string {
  const path = pathAndQuery.slice(0, endOfPath(pathAndQuery))
  return decodeSegment(path) ?? path
}

/** The query's text without its `?`. */
export function queryOf(pathAndQuery: string): string {
  const start = pathAndQuery.indexOf('?')
  return start === -1 ? '' : pathAndQuery.slice(start + 1)
}

const slash = 47

/** Scheme and host of an absolute URL; null where the URL is none. */
export function originOf(url: string): string | null {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)?.[0] ?? null
}

function withoutOrigin(url: string): string | null {
  const origin = originOf(url)
  if (origin === null) return null
  const rest = url.slice(origin.length)
  return rest.charCodeAt(0) === slash ? rest : `/${rest}`
}

function endOfSegment(text: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    const character = text[index]
    if (character === '/' || character === '?' || character === '#') return index
  }
  return text.length
}

function endOfPath(text: string): number {
  const end = text.search(/[?#]/)
  return end === -1 ? text.length : end
}

function decodeSegment(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
