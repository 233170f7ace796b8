import { isRetryable } from '../postgres-errors.ts'

const PATIENCE_MS = 2000
const LONGEST_PAUSE_MS = 25

/** Tries again what was rolled back in favour of another transaction, for about two seconds. Throws the last error. */
export async function retryLostRaces<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS
  for (let failures = 0; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      if (!isRetryable(error) || performance.now() >= deadline) throw error
    }
    // Random, so that two processes do not meet again and again.
    const pauseMs = Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** failures)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
