import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../src/migrations/all.ts'
import { prepareStatements } from '../src/statements.ts'
import { temporaryFolder } from './temporary-folder.ts'

test('no statement reads a whole table', async () => {
  const db = new Database(join(await temporaryFolder(), 'imnot.db'))
  onTestFinished(() => void db.close())
  for (const { sql } of migrations) db.exec(sql)

  const prepared: string[] = []
  prepareStatements({
    prepare: (sql) => {
      prepared.push(sql)
      return db.prepare(sql)
    },
    exec: (sql) => db.exec(sql),
    close: () => undefined,
  })
  const scans = prepared
    .filter((sql) => /\b(records|counters)\b/.test(sql))
    .flatMap((sql) => {
      const parameters = Array.from(sql.matchAll(/\?/g), () => 1)
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { readonly detail: string }[]
      return plan.map(({ detail }) => detail)
    })
    .filter((detail) => /^SCAN (?!CONSTANT)|TEMP B-TREE/.test(detail))
  expect(scans).toEqual([])
  expect(prepared.length).toBeGreaterThan(10)
})
