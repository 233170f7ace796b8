import type { Migration } from './migration.ts'

/**
 * Keys are compared by their bytes. Values are `text`: `jsonb` would change the order of their members and refuses NUL.
 * Bodies are stored as they are: most large ones are compressed already, and compressing 50 MB takes seconds. Counters may
 * be lost in a crash, which saves them the log.
 */
export const createRecords: Migration = {
  number: 1,
  name: 'records',
  sql: (schema) => `
    CREATE TABLE ${schema}.records (
      key text COLLATE "C" PRIMARY KEY,
      version bigint NOT NULL,
      expires_at bigint,
      due_at bigint,
      queue text COLLATE "C",
      value text NOT NULL,
      body bytea
    ) WITH (fillfactor = 90);
    ALTER TABLE ${schema}.records ALTER COLUMN body SET STORAGE EXTERNAL;
    CREATE INDEX records_by_due_at ON ${schema}.records (queue, due_at) WHERE queue IS NOT NULL;
    CREATE INDEX records_by_expires_at ON ${schema}.records (expires_at) WHERE expires_at IS NOT NULL;

    CREATE SEQUENCE ${schema}.versions AS bigint MAXVALUE 9007199254740991;

    CREATE UNLOGGED TABLE ${schema}.counters (
      key text COLLATE "C" PRIMARY KEY,
      value bigint NOT NULL,
      expires_at bigint
    ) WITH (fillfactor = 50);
    CREATE INDEX counters_by_expires_at ON ${schema}.counters (expires_at) WHERE expires_at IS NOT NULL;
  `,
}
