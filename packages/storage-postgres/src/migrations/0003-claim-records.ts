import type { Migration } from './migration.ts'

/**
 * Leases due records, the longest due first, and passes over those that others hold just now. The last row has no key, but
 * the moment at which the next record is due. Where nothing is due it writes nothing.
 */
export const createClaimRecords: Migration = {
  number: 3,
  name: 'claim-records',
  sql: (schema) => `
    CREATE FUNCTION ${schema}.claim_records(p_queue text, p_limit bigint, p_lease_ms bigint)
    RETURNS TABLE (
      now bigint, next_due_at bigint,
      key text, version bigint, expires_at bigint, queue text, due_at bigint, value text, body bytea
    ) LANGUAGE plpgsql AS $imnot$
    #variable_conflict use_column
    DECLARE
      v_now CONSTANT bigint := floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;
      v_next bigint;
    BEGIN
      RETURN QUERY
        WITH due AS MATERIALIZED (
          SELECT r.key, r.due_at FROM ${schema}.records r
          WHERE r.queue = p_queue AND r.due_at <= v_now AND (r.expires_at IS NULL OR r.expires_at > v_now)
          ORDER BY r.due_at LIMIT p_limit FOR UPDATE SKIP LOCKED
        ), leased AS (
          UPDATE ${schema}.records r SET version = nextval('${schema}.versions'), due_at = v_now + p_lease_ms
          FROM due WHERE r.key = due.key RETURNING r.*, due.due_at AS was_due_at
        )
        SELECT v_now, NULL::bigint, l.key, l.version, l.expires_at, l.queue, l.due_at, l.value, l.body
        FROM leased l ORDER BY l.was_due_at, l.key;

      SELECT r.due_at INTO v_next FROM ${schema}.records r
        WHERE r.queue = p_queue AND (r.expires_at IS NULL OR r.expires_at > v_now) ORDER BY r.due_at LIMIT 1;
      RETURN QUERY SELECT v_now, v_next,
        NULL::text, NULL::bigint, NULL::bigint, NULL::text, NULL::bigint, NULL::text, NULL::bytea;
    END
    $imnot$;
  `,
}
