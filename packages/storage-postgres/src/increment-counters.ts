import type { IncrementOptions } from '@imnot/core'
import type { Database } from './connection/database.ts'
import type { Statements } from './statements.ts'

interface Increment {
  readonly by: number
  readonly ttlMs: number | undefined
  readonly resolve: (value: number) => void
  readonly reject: (error: unknown) => void
}

/**
 * While an increment of a counter is under way, those that follow wait and go together in one statement: concurrent ones
 * would wait for each other in the server anyway, each holding a connection.
 */
export function createCounters({ ask }: Database, { increment }: Statements) {
  const waiting = new Map<string, Increment[]>()

  async function add(key: string, increments: readonly Increment[]): Promise<void> {
    try {
      const total = increments.reduce((sum, { by }) => sum + by, 0)
      // Only the first makes a counter, so that only its time counts.
      const { rows } = await ask(increment(key, total, increments[0]?.ttlMs ?? null))
      let value = (rows[0] as { readonly value: number }).value - total
      for (const { by, resolve } of increments) {
        value += by
        resolve(value)
      }
    } catch (error) {
      for (const { reject } of increments) reject(error)
    }
  }

  async function work(key: string, first: Increment): Promise<void> {
    waiting.set(key, [])
    let next = [first]
    while (next.length > 0) {
      await add(key, next)
      next = waiting.get(key)?.splice(0) ?? []
    }
    waiting.delete(key)
  }

  return {
    increment(key: string, { by = 1, ttlMs }: IncrementOptions): Promise<number> {
      return new Promise((resolve, reject) => {
        const one = { by, ttlMs, resolve, reject }
        const queue = waiting.get(key)
        if (queue === undefined) void work(key, one)
        else queue.push(one)
      })
    },
  }
}
