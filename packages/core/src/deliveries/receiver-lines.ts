import type { Clock } from '../ports/clock.ts'

/** An attempt that waits for its receiver to have room. */
export interface Turn {
  /** Never rejects. */
  run(): Promise<void>
  /** It cannot run soon: to be claimed again, by any node, after so many milliseconds. */
  handBack(waitMs: number): void
}

/**
 * Attempts side by side, at most so many to one receiver. One that answers slowly keeps neither slots nor claims from the
 * others: what waits for it goes back into the queue, and comes again later.
 */
export interface ReceiverLines {
  /** How many more turns there is room for. */
  room(): number
  /** Runs now, or when the receiver has room, or is handed back. */
  enter(receiver: string, turn: Turn): void
  /** Hands back what has waited too long. To be called at least each second. */
  review(): void
  /** Hands back whatever waits, and resolves when what runs has ended. */
  close(): Promise<void>
}

export interface ReceiverLinesOptions {
  readonly clock: Clock
  /** Turns at the same time, those that wait included. */
  readonly most: number
  /** Turns that run at the same time for one receiver. */
  readonly mostForOne: number
  readonly onEnd: () => void
}

interface Line {
  /** When each turn began that runs. */
  readonly running: Map<Turn, number>
  readonly waiting: Turn[]
  /** Turns handed back since it last answered in time. */
  handedBack: number
}

/** A receiver that takes longer is slow, and nobody waits for it. */
const slowMs = 2000
const shortestPauseMs = 5000
const longestPauseMs = 60_000
/** Spreads what waits for a slow receiver, so that it does not all come back at once. */
const spreadMs = 10

export function createReceiverLines({ clock, most, mostForOne, onEnd }: ReceiverLinesOptions): ReceiverLines {
  const lines = new Map<string, Line>()
  const ends = new Set<Promise<void>>()
  let count = 0

  function lineOf(receiver: string): Line {
    const line = lines.get(receiver) ?? { running: new Map(), waiting: [], handedBack: 0 }
    lines.set(receiver, line)
    return line
  }

  function isSlow({ running }: Line): boolean {
    const [longest = Number.POSITIVE_INFINITY] = running.values()
    return clock.now() - longest >= slowMs
  }

  function begin(receiver: string, line: Line, turn: Turn): void {
    const startedAt = clock.now()
    line.running.set(turn, startedAt)
    const end = turn.run().then(() => {
      ends.delete(end)
      line.running.delete(turn)
      count -= 1
      if (clock.now() - startedAt < slowMs) line.handedBack = 0
      const next = line.waiting.shift()
      if (next !== undefined) begin(receiver, line, next)
      else if (line.running.size === 0 && line.handedBack === 0) lines.delete(receiver)
      onEnd()
    })
    ends.add(end)
  }

  function handBack(line: Line, turn: Turn): void {
    count -= 1
    turn.handBack(Math.min(shortestPauseMs + line.handedBack * spreadMs, longestPauseMs))
    line.handedBack += 1
  }

  function handBackAll(line: Line): void {
    for (const turn of line.waiting.splice(0)) handBack(line, turn)
  }

  return {
    room: () => most - count,
    enter(receiver, turn) {
      const line = lineOf(receiver)
      count += 1
      if (line.running.size < mostForOne) begin(receiver, line, turn)
      else if (isSlow(line)) handBack(line, turn)
      else line.waiting.push(turn)
    },
    review() {
      for (const line of lines.values()) if (isSlow(line)) handBackAll(line)
    },
    async close() {
      for (const line of lines.values()) {
        for (const turn of line.waiting.splice(0)) {
          count -= 1
          turn.handBack(0)
        }
      }
      await Promise.all(ends)
    },
  }
}
