import type { Migration } from './migration.ts'

/**
 * `records` is an ordinary table with an index on its keys, not WITHOUT ROWID: bodies of up to 50 MB have no place in the
 * tree that keys are searched in. The body is the last column, so that reading the others does not read it.
 */
export const createRecords: Migration = {
  number: 1,
  name: 'records',
  sql: `
    CREATE TABLE records (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL,
      expires_at INTEGER,
      queue TEXT,
      due_at INTEGER,
      value TEXT NOT NULL,
      body BLOB
    );
    CREATE INDEX records_by_due_at ON records (queue, due_at) WHERE queue IS NOT NULL;
    CREATE INDEX records_by_expires_at ON records (expires_at) WHERE expires_at IS NOT NULL;

    CREATE TABLE counters (
      key TEXT NOT NULL PRIMARY KEY,
      value INTEGER NOT NULL,
      expires_at INTEGER
    ) WITHOUT ROWID;
    CREATE INDEX counters_by_expires_at ON counters (expires_at) WHERE expires_at IS NOT NULL;

    CREATE TABLE versions (next INTEGER NOT NULL);
    INSERT INTO versions (next) VALUES (1);
  `,
}
