import { abandon, type Call, createCall } from './call.ts'

/** How long nothing may have been answered before the server is asked whether it is there. */
const SILENCE_MS = 400
/** How long it has for that. Together with the ticks a caller hears of an outage within a second. */
const PROBE_MS = 400
const TICK_MS = 50

export interface OutageWatch {
  /**
   * What the operation resolves to. When the server falls silent meanwhile, its call is abandoned and `outage()` thrown,
   * but not before `patienceMs` more: while much is sent, the network may have no time for the question.
   */
  run<T>(operation: (call: Call) => Promise<T>, patienceMs: number): Promise<T>
  /** Resolves when no operation is left. */
  idle(): Promise<void>
}

interface OutageWatchOptions {
  /** Asks the server anything. */
  readonly probe: (call: Call) => Promise<unknown>
  /** Whether an error came from a living server. */
  readonly isAnswer: (error: unknown) => boolean
  readonly outage: () => Error
}

interface Pending {
  /** From then on silence counts. */
  readonly since: number
  readonly giveUp: (reason: Error) => void
}

/**
 * Tells a slow answer from a lost server. A timeout alone could not: a body of 50 MB may take seconds, and a network that
 * swallows everything must be noticed within one.
 */
export function createOutageWatch({ probe, isAnswer, outage }: OutageWatchOptions): OutageWatch {
  const pending = new Set<Pending>()
  const idleListeners: (() => void)[] = []
  let answeredAt = 0
  let timer: NodeJS.Timeout | undefined
  let isProbing = false

  function tick(): void {
    if (isProbing) return
    const longAgo = performance.now() - SILENCE_MS
    if (answeredAt <= longAgo && [...pending].some(({ since }) => since <= longAgo)) void ask()
  }

  async function ask(): Promise<void> {
    isProbing = true
    const askedAt = performance.now()
    const suspects = [...pending].filter(({ since }) => since <= askedAt)
    if (!(await isAlive()) && answeredAt < askedAt) {
      for (const suspect of suspects) if (pending.has(suspect)) suspect.giveUp(outage())
    }
    isProbing = false
  }

  async function isAlive(): Promise<boolean> {
    const call = createCall()
    const late = new Promise<boolean>((resolve) => {
      // A loop that stood still fires its timers before it reads: what has arrived meanwhile must count.
      setTimeout(() => setImmediate(() => setImmediate(resolve, false)), PROBE_MS).unref()
    })
    const answer = probe(call).then(() => true, isAnswer)
    const isThere = await Promise.race([answer, late])
    if (isThere) answeredAt = performance.now()
    else abandon(call, outage())
    return isThere
  }

  function add(one: Pending): void {
    pending.add(one)
    timer ??= setInterval(tick, TICK_MS).unref()
  }

  function remove(one: Pending): void {
    pending.delete(one)
    if (pending.size > 0) return
    clearInterval(timer)
    timer = undefined
    for (const listener of idleListeners.splice(0)) listener()
  }

  return {
    run<T>(operation: (call: Call) => Promise<T>, patienceMs: number): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        const call = createCall()
        const one: Pending = {
          since: performance.now() + patienceMs,
          giveUp(reason) {
            remove(one)
            reject(reason)
            abandon(call, reason)
          },
        }
        add(one)
        operation(call).then(
          (result) => {
            answeredAt = performance.now()
            remove(one)
            resolve(result)
          },
          (error) => {
            if (isAnswer(error)) answeredAt = performance.now()
            remove(one)
            reject(error)
          },
        )
      })
    },

    idle() {
      return pending.size === 0 ? Promise.resolve() : new Promise((resolve) => void idleListeners.push(resolve))
    },
  }
}
