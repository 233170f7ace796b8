import type { SqliteStatement } from './drivers/driver.ts'

const INTERVAL_MS = 50

/** Calls listeners when another connection has changed the database. Looks only while somebody listens. */
export function createChangeWatch(dataVersion: SqliteStatement) {
  const listeners = new Set<{ readonly call: () => void }>()
  let timer: NodeJS.Timeout | undefined
  let seen: number | null = null

  /** Changes with each commit of another connection, and with none of this one. */
  function read(): number | null {
    try {
      return (dataVersion.get() as { readonly data_version: number }).data_version
    } catch {
      // Locked or failing just now: whoever uses the storage hears of it, a hint may be missed.
      return seen
    }
  }

  function look(): void {
    const current = read()
    if (current === seen) return
    seen = current
    for (const { call } of listeners) call()
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
    listeners.clear()
  }

  return {
    add(call: () => void): () => void {
      const listener = { call }
      listeners.add(listener)
      if (timer === undefined) {
        seen = read()
        timer = setInterval(look, INTERVAL_MS)
        timer.unref()
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) stop()
      }
    },
    stop,
  }
}
