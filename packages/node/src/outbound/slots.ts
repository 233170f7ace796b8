/** At most so many tasks of one name at a time; the others wait their turn. Names do not wait for each other. */
export interface Slots {
  /** Rejects with `onLate()` where the task could not begin within `patienceMs`. */
  run<T>(name: string, task: () => Promise<T>): Promise<T>
}

export interface SlotsOptions {
  readonly limit: number
  readonly patienceMs: number
  readonly onLate: (name: string) => Error
}

interface Line {
  running: number
  readonly waiting: Set<() => void>
}

export function createSlots({ limit, patienceMs, onLate }: SlotsOptions): Slots {
  const lines = new Map<string, Line>()

  function lineOf(name: string): Line {
    const line = lines.get(name) ?? { running: 0, waiting: new Set() }
    lines.set(name, line)
    return line
  }

  function leave(name: string, line: Line): void {
    const [next] = line.waiting
    if (next !== undefined) {
      line.waiting.delete(next)
      next()
      return
    }
    line.running -= 1
    if (line.running === 0) lines.delete(name)
  }

  return {
    async run(name, task) {
      const line = lineOf(name)
      if (line.running < limit) line.running += 1
      else await turn(line, patienceMs, () => onLate(name))
      try {
        return await task()
      } finally {
        leave(name, line)
      }
    },
  }
}

/** Whoever leaves hands its slot over, so that the number of running tasks stays. */
function turn(line: Line, patienceMs: number, late: () => Error): Promise<void> {
  return new Promise((resolve, reject) => {
    const begin = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(() => {
      line.waiting.delete(begin)
      reject(late())
    }, patienceMs)
    line.waiting.add(begin)
  })
}
