/** How a delivery is tried again after a failure that may pass. */
export type RetryPolicy = {
  /** All attempts together, the first one included. */
  readonly attempts: number
  /** Whether each wait is twice the one before, or all are the same. */
  readonly backoff: 'exponential' | 'fixed'
  /** The wait after the first failure, in milliseconds. */
  readonly firstMs: number
  /** No wait is longer, unless the receiver asks for it, in milliseconds. */
  readonly maxMs: number
}

/** Of the pattern `callback`: one attempt and three retries, as the Python imnot has it. */
export const callbackRetries: RetryPolicy = { attempts: 4, backoff: 'exponential', firstMs: 1000, maxMs: 300_000 }

/** How long to wait after so many failures (1 for the first), or as long as the receiver asks for where that is longer. */
export function waitAfter({ backoff, firstMs, maxMs }: RetryPolicy, failures: number, askedMs: number): number {
  const ownMs = backoff === 'fixed' ? firstMs : firstMs * 2 ** Math.min(failures - 1, 40)
  return Math.max(Math.min(ownMs, maxMs), Math.min(askedMs, longestAskedMs))
}

/** A receiver that asks for a year would never be called again. */
const longestAskedMs = 3_600_000

/**
 * How long the receiver asks to be left alone, in milliseconds; 0 where it does not. RFC 9110, section 10.2.3: seconds, or
 * a date by the wall clock.
 */
export function waitAsked(retryAfter: string | null, now: number): number {
  const text = retryAfter?.trim() ?? ''
  if (text === '') return 0
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(waitMs) ? 0 : Math.max(0, waitMs)
}

/** A receiver that says no for good is not asked again; a redirect is such a no, since none is followed. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}
