import type { Caller } from '../caller.ts'
import type { ClockInfo } from '../shapes.ts'

/** The clock of one session, or the global one of all that is in no session. */
export interface ClockApi {
  get(): Promise<ClockInfo>
  /**
   * Moves it on by `90s`, `2h`, `3d`; resolves when all that is due by then is applied, in order. `settle` also waits until
   * callbacks are attempted, and walks their retries.
   */
  advance(duration: string, options?: { readonly settle?: boolean | undefined }): Promise<ClockInfo>
  /** It stands, and what comes later is not due. */
  freeze(): Promise<ClockInfo>
  /** It runs on from where it stood. */
  unfreeze(): Promise<ClockInfo>
  /** The time of day again; undoes nothing. */
  reset(): Promise<ClockInfo>
}

export function createClock(call: Caller, path: string): ClockApi {
  const set = (change: object): Promise<ClockInfo> =>
    call.json('POST', path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(change) })
  return {
    get: () => call.json('GET', path),
    advance: (advance, { settle } = {}) => set({ advance, settle }),
    freeze: () => set({ freeze: true }),
    unfreeze: () => set({ freeze: false }),
    reset: () => set({ reset: true }),
  }
}
