/** The wall clock and its timers. Core asks no other source for the time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs the task once, not sooner than in `delayMs` milliseconds; never keeps the process alive. Returns what cancels it. */
  after(delayMs: number, task: () => void): () => void
  /** Resolves in `delayMs` milliseconds; the process stays alive for it. */
  sleep(delayMs: number): Promise<void>
}

// Node clamps longer timers to 1 ms.
const longestTimerMs = 2 ** 31 - 1

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    after(delayMs, task) {
      const timer = setTimeout(task, Math.min(Math.max(0, delayMs), longestTimerMs))
      timer.unref?.()
      return () => clearTimeout(timer)
    },
    sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
  }
}
