import { type Call, nothing } from './call.ts'

/** Lets so many in at once; the others wait in the order in which they came. */
export interface Gate {
  /** Resolves when the call is in. Throws when it is abandoned before. */
  enter(call: Call): Promise<void> | undefined
  /** Once for each call that came in. */
  leave(): void
}

/**
 * Stands before a pool of our own. The pool's timeout counts from the call, also while all connections are at work; here
 * many may wait for a connection, and only for the making of one there is a limit.
 */
export function createGate(capacity: number): Gate {
  const waiting = new Set<() => void>()
  let free = capacity

  function turn(call: Call): Promise<void> {
    return new Promise((resolve, reject) => {
      function enter(): void {
        waiting.delete(enter)
        call.onAbandon = nothing
        resolve()
      }
      waiting.add(enter)
      call.onAbandon = () => {
        waiting.delete(enter)
        reject(call.abandoned)
      }
    })
  }

  return {
    enter(call) {
      if (free <= 0) return turn(call)
      free--
      return undefined
    },

    leave() {
      const [next] = waiting
      if (next === undefined) free++
      else next()
    },
  }
}
