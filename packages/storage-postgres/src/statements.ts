import { createHash } from 'node:crypto'
import type { PgQuery } from './connection/pg-pool-like.ts'
import { resultTypes } from './result-types.ts'

export type Statements = ReturnType<typeof createStatements>
export type Statement = (...values: unknown[]) => PgQuery

/** A multiple of three, so that the base64 of no part but the last is padded. */
export const PART_BYTES = 3 * 256 * 1024
const columns = 'key, version, expires_at, queue, due_at, value'
/**
 * pg decodes every answer as text, so that a body in binary format would arrive damaged. It comes as base64, a third shorter
 * than the server's own hexadecimal, and of a large one only the first part: 50 MB come three times faster as many rows.
 */
const recordColumns = `${columns}, length(body) AS body_size, encode(substring(body FOR ${PART_BYTES}), 'base64') AS body`
/** The storage's clock, as one statement sees it. */
const now = '(SELECT floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint)'
const isAlive = `(expires_at IS NULL OR expires_at > ${now})`
const isExpired = `expires_at <= ${now}`

/** Every statement that runs after the start. Parameters are named in the order in which they are bound. */
export function createStatements(schema: string, prepare: boolean) {
  const statement = (text: string): Statement => {
    const name = prepare ? { name: `imnot-${createHash('sha256').update(text).digest('hex').slice(0, 32)}` } : {}
    return (...values) => ({ text, values, types: resultTypes, ...name })
  }
  const list = (order: 'ASC' | 'DESC') => `
    FROM ${schema}.records WHERE key >= $1 AND key < $2 AND ${isAlive} ORDER BY key ${order} LIMIT $3
  `
  const bare = (order: 'ASC' | 'DESC') => statement(`SELECT ${columns}, NULL AS body_size, NULL AS body ${list(order)}`)
  const whole = (order: 'ASC' | 'DESC') => statement(`SELECT ${recordColumns} ${list(order)}`)

  return {
    anything: statement('SELECT 1'),

    /** keys, known versions (or null) */
    get: statement(`
      SELECT ${recordColumns} FROM (
        SELECT ${columns}, CASE WHEN version = known THEN NULL ELSE body END AS body
        FROM unnest($1::text[], $2::bigint[]) AS wanted (key, known) JOIN ${schema}.records USING (key) WHERE ${isAlive}
      ) AS record
    `),

    /** key, version; nothing when the record has another one now. */
    furtherParts: statement(`
      SELECT encode(substring(body FROM part * ${PART_BYTES} + 1 FOR ${PART_BYTES}), 'base64') AS body
      FROM ${schema}.records, generate_series(1, (length(body) - 1) / ${PART_BYTES}) AS part
      WHERE key = $1 AND version = $2 ORDER BY part
    `),

    /** lower key, upper key, limit */
    list: {
      forwards: bare('ASC'),
      backwards: bare('DESC'),
      forwardsWithBodies: whole('ASC'),
      backwardsWithBodies: whole('DESC'),
    },

    /** See `migrations/0002-write-records.ts`. */
    write: statement(`SELECT ${schema}.write_records($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS versions`),

    /** queue, limit, lease in ms; see `migrations/0003-claim-records.ts`. */
    claim: statement(`SELECT now, next_due_at, ${recordColumns} FROM ${schema}.claim_records($1, $2, $3)`),

    /** key, by, time to live in ms (or null): an elapsed counter begins anew. */
    increment: statement(`
      INSERT INTO ${schema}.counters AS counter (key, value, expires_at) VALUES ($1, $2, ${now} + $3::bigint)
      ON CONFLICT (key) DO UPDATE SET
        value = CASE WHEN counter.${isExpired} THEN excluded.value ELSE counter.value + excluded.value END,
        expires_at = CASE WHEN counter.${isExpired} THEN excluded.expires_at ELSE counter.expires_at END
      RETURNING value
    `),

    /** limit; answers how many were erased of each. */
    eraseExpired: statement(`
      WITH erased_records AS (
        DELETE FROM ${schema}.records WHERE key = ANY (ARRAY(
          SELECT key FROM ${schema}.records WHERE ${isExpired} ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
        )) RETURNING 1
      ), erased_counters AS (
        DELETE FROM ${schema}.counters WHERE key = ANY (ARRAY(
          SELECT key FROM ${schema}.counters WHERE ${isExpired} ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
        )) RETURNING 1
      )
      SELECT greatest((SELECT count(*) FROM erased_records), (SELECT count(*) FROM erased_counters)) AS most
    `),
  }
}
