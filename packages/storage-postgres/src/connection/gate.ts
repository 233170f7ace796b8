/** Lets so many in at once; the others wait in the order in which they came. */
export interface Gate {
  /** Resolves to the function that leaves again, to be called once. Throws the signal's reason when it is aborted before. */
  enter(signal: AbortSignal): Promise<() => void>
}

/**
 * Stands before a pool of our own. The pool's timeout counts from the call, also while all connections are at work; here
 * many may wait for a connection, and only for the making of one there is a limit.
 */
export function createGate(capacity: number): Gate {
  const waiting = new Set<() => void>()
  let free = capacity

  function leave(): void {
    const [next] = waiting
    if (next === undefined) free++
    else next()
  }

  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        waiting.delete(enter)
        reject(signal.reason)
      }
      const enter = () => {
        waiting.delete(enter)
        signal.removeEventListener('abort', abort)
        resolve()
      }
      waiting.add(enter)
      signal.addEventListener('abort', abort)
    })
  }

  return {
    async enter(signal) {
      if (free > 0) free--
      else await turn(signal)
      return leave
    },
  }
}
