import { retryWhileBusy } from './busy-retry.ts'
import { isBusy } from './sqlite-errors.ts'
import type { Statements } from './statements.ts'

export interface GroupRead {
  /** Reads at the end of this turn of the event loop; what one job reads is of one moment. */
  run<T>(job: () => T): Promise<T>
}

interface Waiting {
  readonly job: () => unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * What is asked for in one turn of the event loop is read in one transaction: beginning and ending it takes locks in the
 * file system, and costs as much as the reading. It begins after all that asked, so that none of them reads what is stale.
 */
export function createGroupRead({ begin, commit }: Pick<Statements, 'begin' | 'commit'>): GroupRead {
  let waiting: Waiting[] = []

  function flush(): void {
    const group = waiting
    waiting = []
    try {
      begin.run()
      for (const one of group) read(one)
      commit.run()
    } catch (error) {
      // The database was closed meanwhile. Whoever has its answer already does not hear of it.
      for (const { reject } of group) reject(error)
    }
  }

  function read({ job, resolve, reject }: Waiting): void {
    try {
      resolve(job())
    } catch (error) {
      if (isBusy(error)) resolve(retryWhileBusy(() => alone(job)))
      else reject(error)
    }
  }

  function alone(job: Waiting['job']): unknown {
    begin.run()
    try {
      return job()
    } finally {
      commit.run()
    }
  }

  return {
    run<T>(job: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush)
        waiting.push({ job, resolve: resolve as Waiting['resolve'], reject })
      })
    },
  }
}
