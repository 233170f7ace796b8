import { randomUUID } from 'node:crypto'
import type { Link } from './connection/link.ts'
import type { RedisSubscriberLike } from './redis-client-like.ts'
import { within } from './within.ts'

const PAUSE_MS = 25

/**
 * Tells other instances that something was written, at most once in 25 ms. Not in the script of the write: each subscriber
 * would be woken by each write.
 */
export function createHints(send: Link['send'], subscriber: Link['subscriber'], channel: string) {
  const own = randomUUID()
  const listeners = new Set<{ readonly call: () => void }>()
  let subscribed: RedisSubscriberLike | undefined
  let pause: NodeJS.Timeout | undefined
  let isMissed = false

  function announce(): void {
    isMissed = pause !== undefined
    if (isMissed) return
    // A hint may be missed, and whoever uses the storage hears of its failures.
    send('PUBLISH', [channel, own]).catch(() => undefined)
    pause = setTimeout(() => {
      pause = undefined
      if (isMissed) announce()
    }, PAUSE_MS).unref()
  }

  function callAll(): void {
    for (const { call } of listeners) call()
  }

  async function listen(connection: RedisSubscriberLike): Promise<void> {
    const subscribe = () => Promise.resolve(connection.subscribe(channel)).then(callAll, () => undefined)
    connection.on('error', () => undefined)
    connection.on('ready', () => void subscribe())
    connection.on('message', (_channel, sender) => {
      if (sender !== own) callAll()
    })
    await within(1000, subscribe())
  }

  function stop(): void {
    subscribed?.disconnect()
    subscribed = undefined
  }

  return {
    announce,

    /** Resolves when hints come, or after a second without a connection; they come then when there is one. */
    async add(call: () => void): Promise<() => void> {
      const listener = { call }
      listeners.add(listener)
      if (subscribed === undefined && subscriber !== undefined) {
        subscribed = subscriber()
        await listen(subscribed)
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) stop()
      }
    },

    stop(): void {
      clearTimeout(pause)
      listeners.clear()
      stop()
    },
  }
}
