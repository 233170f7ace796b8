import type { Redis, RedisOptions } from 'ioredis'
import { unreachable } from '../redis-errors.ts'
import type { RedisAddress } from '../redis-url.ts'
import type { Link } from './link.ts'
import { loadIoredis } from './load-ioredis.ts'
import { createSilenceWatch } from './silence-watch.ts'

const LONGEST_PAUSE_MS = 250

/** Connects with a client of our own. From then on it connects again by itself, until it is closed. */
export async function openLink({ place, ...address }: RedisAddress, timeoutMs: number): Promise<Link> {
  const RedisClient = await loadIoredis()
  const client = new RedisClient({ ...address, ...optionsOf(timeoutMs) })
  const watch = createSilenceWatch(client, timeoutMs)
  let lastError: unknown
  let becomingReady: Promise<void> | undefined

  client.on('error', (error) => {
    lastError = error
  })
  client.on('connect', () => endSlowHandshake(client, timeoutMs))

  try {
    await client.connect()
  } catch (error) {
    client.disconnect()
    throw unreachable(place, lastError ?? error)
  }

  /** Until the connection is there again, or the next try to connect has failed. One wait for all who wait. */
  function ready(): Promise<void> {
    becomingReady ??= new Promise<void>((resolve, reject) => {
      const done = () => {
        clearTimeout(timer)
        client.off('ready', done).off('close', done).off('end', done)
        becomingReady = undefined
        if (client.status === 'ready') resolve()
        else reject(unreachable(place, lastError))
      }
      const timer = setTimeout(done, timeoutMs)
      client.on('ready', done).on('close', done).on('end', done)
    })
    return becomingReady
  }

  return {
    place,
    async send(command, args) {
      if (client.status !== 'ready') await ready()
      return watch.during(client.callBuffer(command, args), args)
    },
    // It has nothing to lose when a command is sent late, and its commands are few and small.
    subscriber: () => client.duplicate({ enableOfflineQueue: true, lazyConnect: false, commandTimeout: timeoutMs }),
    close: () => client.disconnect(),
  }
}

function optionsOf(timeoutMs: number) {
  return {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    disconnectTimeout: 100,
    retryStrategy: (tries: number) => Math.min(25 * 2 ** tries, LONGEST_PAUSE_MS),
    // A command is sent once and now. One without an answer fails with the connection: it may have been done.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Redis itself says best why it cannot serve yet.
    enableReadyCheck: false,
    // After a failover the name of the server leads to another one.
    reconnectOnError: ({ message }: Error) => message.includes('READONLY'),
    autoResubscribe: false,
  } satisfies RedisOptions
}

/** A server that accepts connections and says nothing would hold this one for ever. */
function endSlowHandshake(client: Redis, timeoutMs: number): void {
  const { stream } = client
  const timer = setTimeout(() => {
    if (client.status !== 'ready') stream.destroy(new Error(`no answer within ${timeoutMs} ms`))
  }, timeoutMs)
  stream.once('close', () => clearTimeout(timer))
}
