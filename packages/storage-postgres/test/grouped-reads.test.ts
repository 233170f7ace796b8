import { describe, expect, test } from 'vitest'
import type { Database } from '../src/connection/database.ts'
import type { PgQuery, PgResult } from '../src/connection/pg-pool-like.ts'
import { createGroupedReads } from '../src/grouped-reads.ts'
import { createStatements } from '../src/statements.ts'

interface Asked {
  readonly keys: readonly string[]
  readonly known: readonly (number | null)[]
  answer(): void
  fail(error: Error): void
}

/** Reads over a database that answers when the test says so. Every record has version 7 and the body `x`. */
function reads() {
  const asked: Asked[] = []
  const ask = ({ values = [] }: PgQuery) =>
    new Promise<PgResult>((resolve, fail) => {
      const [keys = [], known = []] = values as [string[], (number | null)[]]
      const row = (key: string, index: number) => {
        const body = known[index] === 7 ? null : 'eA=='
        return { key, version: 7, expires_at: null, queue: null, due_at: null, value: '1', body, body_size: body && 1 }
      }
      asked.push({ keys, known, fail, answer: () => resolve({ rows: keys.map(row) } as unknown as PgResult) })
    })
  const database = { ask } as unknown as Database
  return { asked, get: createGroupedReads(database, createStatements('s', false)).get }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('reads at the same time', () => {
  test('go at once while few are under way, and together after that', async () => {
    const { asked, get } = reads()
    const all = Array.from({ length: 20 }, (_, index) => get([`key${index}`, 'shared']))
    const first = asked.length
    expect(asked.map(({ keys }) => keys.length)).toEqual(Array(first).fill(2))
    asked[0]?.answer()
    await settled()
    expect(asked).toHaveLength(first + 1)
    expect(asked[first]?.keys).toHaveLength(20 - first + 1)
    for (const { answer } of asked) answer()
    expect((await Promise.all(all)).map((records) => records.map((record) => record?.key))).toEqual(
      all.map((_, index) => [`key${index}`, 'shared']),
    )
  })

  test('each bring the body only to whom does not know it', async () => {
    const { asked, get } = reads()
    const before = Array.from({ length: 10 }, () => get(['busy']))
    const first = asked.length
    const knowing = get(['key'], { known: new Map([['key', 7]]) })
    const asking = get(['key'])
    for (const { answer } of asked) answer()
    await settled()
    expect(asked[first]?.keys).toContain('key')
    for (const { answer } of asked) answer()
    await Promise.all(before)
    expect((await knowing)[0]?.body).toBeUndefined()
    expect((await asking)[0]?.body?.toString()).toBe('x')
  })

  test('fail together, and those that follow are read', async () => {
    const { asked, get } = reads()
    const all = Array.from({ length: 9 }, () => get(['key']).catch((error: Error) => error.message))
    for (const { fail } of asked) fail(new Error('away'))
    await settled()
    for (const { answer } of asked.slice(-1)) answer()
    const ends = await Promise.all(all)
    expect(ends.filter((end) => end === 'away').length).toBeGreaterThan(0)
    expect(typeof ends.at(-1)).toBe('object')
  })
})
