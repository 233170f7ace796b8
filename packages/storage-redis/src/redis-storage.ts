import { ImnotError, type Storage } from '@imnot/core'
import { type Connection, openConnection } from './connection/connection.ts'
import { injectedLink, type Link } from './connection/link.ts'
import { openLink } from './connection/own-link.ts'
import { durabilityWarnings, resendWarnings } from './durability.ts'
import { claimRecords, getRecords, incrementCounter, listRecords, writeRecords } from './records.ts'
import type { RedisClientLike } from './redis-client-like.ts'
import { parseRedisUrl } from './redis-url.ts'

export type RedisStorageOptions = SharedOptions &
  (
    | {
        /** `redis://user:password@host:6379/0`, or `rediss://…` for TLS. The storage connects with a client of its own. */
        readonly url: string
        readonly client?: undefined
        /** After so many milliseconds of silence a call fails and the connection is made anew. @default 1000 */
        readonly timeoutMs?: number
      }
    | {
        /** A `Redis` or `Cluster` of ioredis. Its timeouts are its owner's affair, and so is closing it. */
        readonly client: RedisClientLike
        readonly url?: undefined
      }
  )

interface SharedOptions {
  /** All keys begin with `{prefix}:`. Storages with the same prefix share everything. @default 'imnot' */
  readonly prefix?: string
  /** Told once, by `init()`, for each setting that can lose what was acknowledged. @default () => {} */
  readonly onWarning?: (message: string) => void
}

/**
 * Keeps everything in one Redis or Valkey, which many processes on many machines may share.
 *
 * `init()` throws an `ImnotError`: `STORAGE_DRIVER_MISSING`, `STORAGE_SCHEMA_NEWER`, `CONFIG_INVALID` (the keys of another
 * application), `STORAGE_UNAVAILABLE`. Any call throws `STORAGE_UNAVAILABLE` while Redis cannot be reached, and a write
 * `STORAGE_FULL` when its memory is full.
 *
 * @example
 * const storage = redisStorage({ url: 'redis://localhost:6379' })
 * await storage.init()
 */
export function redisStorage(options: RedisStorageOptions): Storage {
  const { prefix = 'imnot', onWarning = () => undefined } = options
  const openLinkOf = linkOpener(options)
  refusePrefix(prefix)
  let connection: Connection | undefined
  let opening: Promise<void> | undefined
  let closing: Promise<void> | undefined

  function connected(): Connection {
    refuseClosed()
    if (connection !== undefined) return connection
    throw new ImnotError('STORAGE_UNAVAILABLE', 'The Redis storage is not open; await init() first.')
  }

  function refuseClosed(): void {
    if (closing === undefined) return
    throw new ImnotError('STORAGE_CLOSED', 'The Redis storage was closed; make a new one.')
  }

  async function open(): Promise<void> {
    const link = await openLinkOf()
    try {
      connection = await openConnection(link, prefix)
    } catch (error) {
      link.close()
      throw error
    }
    const resends = options.client === undefined ? [] : resendWarnings(options.client)
    for (const warning of [...(await durabilityWarnings(link)), ...resends]) onWarning(warning)
  }

  return {
    name: 'redis',

    async init() {
      refuseClosed()
      if (connection !== undefined) return
      // Only success is remembered: a failure may be mended before the next try.
      opening ??= open().finally(() => {
        opening = undefined
      })
      await opening
    },

    async ping() {
      await connected().ping()
    },

    async get(keys, getOptions = {}) {
      return getRecords(connected(), keys, getOptions)
    },

    async list(keyPrefix, listOptions = {}) {
      return listRecords(connected(), keyPrefix, listOptions)
    },

    async write(operations) {
      const current = connected()
      const result = await writeRecords(current, operations)
      if (result.ok) current.hints.announce()
      return result
    },

    async claim(queue, claimOptions) {
      return claimRecords(connected(), queue, claimOptions)
    },

    async increment(key, { by = 1, ttlMs } = {}) {
      return incrementCounter(connected(), key, by, ttlMs)
    },

    ...(options.client?.duplicate !== undefined || options.url !== undefined ? { hint } : {}),

    close() {
      closing ??= (async () => {
        await opening?.catch(() => undefined)
        await connection?.close()
      })()
      return closing
    },
  } satisfies Storage

  async function hint(listener: () => void): Promise<() => void> {
    return connected().hints.add(listener)
  }
}

function linkOpener(options: RedisStorageOptions): () => Promise<Link> {
  if (options.client !== undefined) {
    const { client } = options
    return async () => injectedLink(client)
  }
  const { address } = parseRedisUrl(options.url)
  return () => openLink(address, options.timeoutMs ?? 1000)
}

/** Braces would end the hash tag early. */
function refusePrefix(prefix: string): void {
  if (/^[^{}]+$/.test(prefix)) return
  throw new ImnotError(
    'CONFIG_INVALID',
    `Expected a prefix of at least one character and without braces, found ${JSON.stringify(prefix)}.`,
  )
}
