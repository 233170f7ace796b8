/** One call on its way to the server. Lighter than an `AbortSignal`, of which each call would need one. */
export interface Call {
  /** Why nobody waits for it any more. */
  abandoned: Error | undefined
  /** What is to be done then, by the stage in which the call is. */
  onAbandon: () => void
}

export function createCall(): Call {
  return { abandoned: undefined, onAbandon: nothing }
}

export function abandon(call: Call, reason: Error): void {
  call.abandoned = reason
  call.onAbandon()
}

export function nothing(): void {}
