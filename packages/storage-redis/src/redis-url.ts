import { ImnotError } from '@imnot/core'

/** Where a client of our own connects to. */
export interface RedisAddress {
  /** The address for people: without user, password and parameters. */
  readonly place: string
  readonly host: string
  readonly port: number
  readonly db: number
  readonly username?: string
  readonly password?: string
  readonly tls?: { readonly servername?: string }
}

const expected = 'a URL like redis://user:password@localhost:6379/0?prefix=imnot, or rediss:// for TLS'

/** Takes `redis://` and `rediss://`, with the number of the database as path and `prefix` as the one parameter. */
export function parseRedisUrl(text: string): { readonly address: RedisAddress; readonly prefix?: string } {
  const url = parsed(text)
  if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    // The text itself may hold a password and is never repeated.
    throw new ImnotError('CONFIG_INVALID', `Expected ${expected}, found something else.`)
  }
  const { hostname, port, protocol, pathname } = url
  const place = `${protocol}//${hostname}:${port || 6379}${pathname === '/' ? '' : pathname}`
  if (!/^\/?\d{0,5}$/.test(pathname)) {
    throw new ImnotError('CONFIG_INVALID', `Expected ${expected}, found ${place}, whose path is no database number.`)
  }
  const prefix = prefixParameter(url)
  return {
    address: {
      place,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 6379),
      db: Number(pathname.slice(1)),
      ...(url.username !== '' && { username: decodeURIComponent(url.username) }),
      ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
      ...(protocol === 'rediss:' && { tls: {} }),
    },
    ...(prefix !== null && { prefix }),
  }
}

function parsed(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

function prefixParameter({ searchParams }: URL): string | null {
  const unknown = [...searchParams.keys()].find((name) => name !== 'prefix')
  if (unknown === undefined) return searchParams.get('prefix')
  throw new ImnotError('CONFIG_INVALID', `The URL of a Redis storage takes the parameter prefix, but not ${unknown}.`)
}
