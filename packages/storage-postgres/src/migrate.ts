import { ImnotError } from '@imnot/core'
import { version as packageVersion } from '../package.json'
import type { Database } from './connection/database.ts'
import type { PgClientLike, PgQuery } from './connection/pg-pool-like.ts'
import { migrations } from './migrations/all.ts'
import { resultTypes } from './result-types.ts'

interface Applied {
  readonly number: number
  readonly applied_by: string
}

type Ask = (query: PgQuery) => Promise<{ readonly rows: unknown[] }>

/**
 * Brings the schema up to date in one transaction. Many processes may do so at once: whoever comes second finds it done.
 * A schema that is up to date is only read, so that its user needs no right to make one.
 */
export async function migrate(database: Database, schema: string): Promise<void> {
  if (isCurrent(await latest(database.ask, schema), database.place)) return
  await database.transaction(async (client) => {
    await client.query({ text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', values: [`imnot ${schema}`] })
    const applied = await latest((query) => client.query(query), schema)
    if (!isCurrent(applied, database.place)) await applyMissing(client, schema, applied?.number ?? 0)
  })
}

async function applyMissing(client: Pick<PgClientLike, 'query'>, schema: string, done: number): Promise<void> {
  await client.query({ text: `CREATE SCHEMA IF NOT EXISTS ${schema}` })
  await client.query({
    text: `
      CREATE TABLE IF NOT EXISTS ${schema}.migrations (
        number int PRIMARY KEY,
        name text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now(),
        applied_by text NOT NULL
      )
    `,
  })
  for (const { number, name, sql } of migrations) {
    if (number <= done) continue
    await client.query({ text: sql(schema) })
    await client.query({
      text: `INSERT INTO ${schema}.migrations (number, name, applied_by) VALUES ($1, $2, $3)`,
      values: [number, name, packageVersion],
    })
  }
}

function isCurrent(applied: Applied | undefined, place: string): boolean {
  if (applied === undefined) return false
  if (applied.number <= migrations.length) return applied.number === migrations.length
  throw new ImnotError(
    'STORAGE_SCHEMA_NEWER',
    `The database ${place} was made by @imnot/storage-postgres ${applied.applied_by} (schema ${applied.number}), but this is ${packageVersion} (schema ${migrations.length}); install that version or a later one.`,
  )
}

async function latest(ask: Ask, schema: string): Promise<Applied | undefined> {
  // Only a statement that locks a table hears of the tables that others have made meanwhile; without the catalogue in it,
  // whoever had to wait for the lock would remember that there were none.
  const text = 'SELECT to_regclass($1) AS name FROM pg_catalog.pg_namespace LIMIT 1'
  const ledger = await ask({ text, values: [`${schema}.migrations`] })
  if ((ledger.rows[0] as { readonly name: string | null }).name === null) return undefined
  const query = `SELECT number, applied_by FROM ${schema}.migrations ORDER BY number DESC LIMIT 1`
  return (await ask({ text: query, types: resultTypes })).rows[0] as Applied | undefined
}
