import type { IncrementOptions } from '../ports/storage.ts'

interface Counter {
  value: number
  readonly expiresAt: number
}

/** Elapsed counters are looked for once in so many increments: rare enough to cost nothing, often enough to keep memory bounded. */
const INCREMENTS_BETWEEN_SWEEPS = 10_000

export function createMemoryCounters() {
  const counters = new Map<string, Counter>()
  let incrementsSinceSweep = 0

  function sweep(now: number): void {
    for (const [key, { expiresAt }] of counters) if (expiresAt <= now) counters.delete(key)
  }

  return {
    increment(key: string, now: number, { by = 1, ttlMs = Number.POSITIVE_INFINITY }: IncrementOptions): number {
      incrementsSinceSweep++
      if (incrementsSinceSweep >= INCREMENTS_BETWEEN_SWEEPS) {
        incrementsSinceSweep = 0
        sweep(now)
      }
      const counter = counters.get(key)
      if (counter !== undefined && counter.expiresAt > now) {
        counter.value += by
        return counter.value
      }
      counters.set(key, { value: by, expiresAt: now + ttlMs })
      return by
    },

    clear: () => counters.clear(),
  }
}
