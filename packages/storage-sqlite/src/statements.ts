import type { SqliteDatabase } from './drivers/driver.ts'

export type Statements = ReturnType<typeof prepareStatements>

const columns = 'id, key, version, expires_at, queue, due_at, value'
const isAlive = '(expires_at IS NULL OR expires_at > ?)'

/** Every statement that runs after the start, prepared once. Parameters are named in the order in which they are bound. */
export function prepareStatements(db: SqliteDatabase) {
  const list = (body: string, order: 'ASC' | 'DESC') =>
    db.prepare(`
      SELECT ${columns}, ${body} AS body FROM records
      WHERE key >= ? AND key < ? AND ${isAlive} ORDER BY key ${order} LIMIT ?
    `)

  return {
    begin: db.prepare('BEGIN'),
    beginImmediate: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),

    /** known version, key, now; the body of a known version is not even read. */
    get: db.prepare(`
      SELECT ${columns}, CASE WHEN version = ? THEN NULL ELSE body END AS body FROM records WHERE key = ? AND ${isAlive}
    `),
    /** key, now */
    version: db.prepare(`SELECT version FROM records WHERE key = ? AND ${isAlive}`),
    /** lower key, upper key, now, limit */
    list: {
      forwards: list('NULL', 'ASC'),
      backwards: list('NULL', 'DESC'),
      forwardsWithBodies: list('body', 'ASC'),
      backwardsWithBodies: list('body', 'DESC'),
    },

    /** key, version, expires_at, queue, due_at, value, body; the cast makes a body of no bytes from '', see `bodyValue`. */
    put: db.prepare(`
      INSERT INTO records (key, version, expires_at, queue, due_at, value, body) VALUES (?, ?, ?, ?, ?, ?, CAST(? AS BLOB))
      ON CONFLICT (key) DO UPDATE SET version = excluded.version, expires_at = excluded.expires_at,
        queue = excluded.queue, due_at = excluded.due_at, value = excluded.value, body = excluded.body
    `),
    /** key */
    remove: db.prepare('DELETE FROM records WHERE key = ?'),
    /** Takes a block of versions; see `versions.ts`. how many, how many */
    reserveVersions: db.prepare('UPDATE versions SET next = next + ? RETURNING next - ? AS first'),

    /** queue, now (expiry) */
    nextDueAt: db.prepare(`SELECT due_at FROM records WHERE queue = ? AND ${isAlive} ORDER BY due_at LIMIT 1`),
    /** queue, now (due), now (expiry), limit; of those due at the same moment the oldest comes first. */
    due: db.prepare(`
      SELECT ${columns}, body FROM records WHERE queue = ? AND due_at <= ? AND ${isAlive} ORDER BY due_at, id LIMIT ?
    `),
    /** version, due_at, id */
    lease: db.prepare('UPDATE records SET version = ?, due_at = ? WHERE id = ?'),

    /** key, by, expires_at, now, now: an elapsed counter begins anew. */
    increment: db.prepare(`
      INSERT INTO counters (key, value, expires_at) VALUES (?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET
        value = CASE WHEN expires_at <= ? THEN excluded.value ELSE value + excluded.value END,
        expires_at = CASE WHEN expires_at <= ? THEN excluded.expires_at ELSE expires_at END
      RETURNING value
    `),

    /** now, now */
    anyExpired: db.prepare(`
      SELECT EXISTS (SELECT 1 FROM records WHERE expires_at <= ?) OR EXISTS (SELECT 1 FROM counters WHERE expires_at <= ?) AS found
    `),
    /** now, limit */
    removeExpiredRecords: db.prepare(`
      DELETE FROM records WHERE id IN (SELECT id FROM records WHERE expires_at <= ? LIMIT ?)
    `),
    /** now, limit */
    removeExpiredCounters: db.prepare(`
      DELETE FROM counters WHERE key IN (SELECT key FROM counters WHERE expires_at <= ? LIMIT ?)
    `),

    anything: db.prepare('SELECT next FROM versions'),
    dataVersion: db.prepare('PRAGMA data_version'),
    truncateWal: db.prepare('PRAGMA wal_checkpoint(TRUNCATE)'),
  }
}
