import type { Clock } from '../../src/index.ts'

export interface ManualClock extends Clock {
  /** Moves the time and runs what becomes due on the way, in order. */
  advance(milliseconds: number): Promise<void>
}

/** A clock that stands still until it is moved. */
export function manualClock(start = 1_700_000_000_000): ManualClock {
  let time = start
  const timers = new Set<{ at: number; task: () => void }>()
  const after = (delayMs: number, task: () => void) => {
    const timer = { at: time + Math.max(0, delayMs), task }
    timers.add(timer)
    return () => timers.delete(timer)
  }
  return {
    now: () => time,
    after,
    sleep: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
    async advance(milliseconds) {
      const end = time + milliseconds
      for (;;) {
        await settled()
        const next = [...timers].sort((a, b) => a.at - b.at)[0]
        if (next === undefined || next.at > end) break
        timers.delete(next)
        time = Math.max(time, next.at)
        next.task()
      }
      time = end
      await settled()
    },
  }
}

/** Lets everything run that needs no time. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}
