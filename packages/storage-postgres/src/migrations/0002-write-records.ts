import type { Migration } from './migration.ts'

/**
 * A whole write in one call, by two-phase locking on keys, which makes writes serialisable in READ COMMITTED:
 *
 * 1. It takes a lock on each key, in the order of the keys, and waits for one while it holds only smaller ones: two writes
 *    never wait for each other. Each statement of the function sees what was committed before it, so that the expectations
 *    are looked at as they are under the lock. A check takes a shared one: any number of guarded writes go on side by side,
 *    and none beside a delete of what they check.
 *    A key that is not there has no row to lock. A put inserts it. For any other operation a row is inserted that the same
 *    write deletes: nobody ever sees it, but whoever inserts the key waits. When somebody was faster, there is a row to lock.
 * 2. When an expectation is broken, it deletes what it inserted, and nobody has seen it.
 * 3. Else it changes what it has locked, and waits for nobody.
 *
 * An expired row is locked as any other, and counts as absent.
 *
 * Keys come sorted, with their positions before (or null where these are 1, 2, …). Kinds: 0 put, 1 delete, 2 check. Expected:
 * null for anything, 0 for absent, else a version. Bodies come joined, with a size for each key, null where there is none. The
 * answer is the new versions in the order of the keys, or the negated position of the first broken expectation.
 */
export const createWriteRecords: Migration = {
  number: 2,
  name: 'write-records',
  sql: (schema) => `
    CREATE FUNCTION ${schema}.write_records(
      p_keys text[], p_positions int[], p_kinds int[], p_expected bigint[], p_values text[],
      p_expires_at bigint[], p_queues text[], p_due_at bigint[], p_sizes int[], p_bodies bytea
    ) RETURNS bigint[] LANGUAGE plpgsql SET lock_timeout = '2s' AS $imnot$
    DECLARE
      v_count CONSTANT int := cardinality(p_keys);
      v_is_own boolean[] := array_fill(false, ARRAY[v_count]);
      v_versions bigint[] := array_fill(0::bigint, ARRAY[v_count]);
      v_conflict int;
      v_is_likely_new boolean;
      v_is_there boolean;
      v_version bigint;
      v_expires_at bigint;
      v_offset int := 0;
    BEGIN
      FOR i IN 1..v_count LOOP
        -- Most often what is to be absent is: then one statement does.
        v_is_likely_new := v_conflict IS NULL AND p_kinds[i] = 0 AND p_expected[i] = 0;
        LOOP
          IF v_is_likely_new THEN
            v_version := 0;
          ELSIF p_kinds[i] = 2 THEN
            SELECT r.version, r.expires_at INTO v_version, v_expires_at
              FROM ${schema}.records r WHERE r.key = p_keys[i] FOR SHARE;
          ELSE
            SELECT r.version, r.expires_at INTO v_version, v_expires_at
              FROM ${schema}.records r WHERE r.key = p_keys[i] FOR UPDATE;
          END IF;
          v_is_there := NOT v_is_likely_new AND FOUND;
          v_is_likely_new := false;
          IF NOT v_is_there OR v_expires_at <= floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint THEN
            v_version := 0;
          END IF;
          IF p_expected[i] <> v_version THEN
            v_conflict := least(v_conflict, coalesce(p_positions[i], i));
          END IF;
          EXIT WHEN v_is_there OR v_conflict > 0;

          IF p_kinds[i] = 0 THEN
            INSERT INTO ${schema}.records (key, version, expires_at, queue, due_at, value, body)
              VALUES (p_keys[i], nextval('${schema}.versions'), p_expires_at[i], p_queues[i], p_due_at[i], p_values[i],
                substring(p_bodies FROM v_offset + 1 FOR p_sizes[i]))
              ON CONFLICT (key) DO NOTHING RETURNING version INTO v_version;
          ELSIF v_count > 1 THEN
            INSERT INTO ${schema}.records (key, version, value) VALUES (p_keys[i], 0, '') ON CONFLICT (key) DO NOTHING;
          ELSE
            -- Alone it is of one moment anyway: that at which nothing was found.
            EXIT;
          END IF;
          IF FOUND THEN
            v_is_own[i] := true;
            v_versions[i] := CASE p_kinds[i] WHEN 0 THEN v_version ELSE 0 END;
            EXIT;
          END IF;
        END LOOP;
        v_offset := v_offset + coalesce(p_sizes[i], 0);
      END LOOP;

      IF v_conflict > 0 THEN
        FOR i IN 1..v_count LOOP
          IF v_is_own[i] THEN
            DELETE FROM ${schema}.records r WHERE r.key = p_keys[i];
          END IF;
        END LOOP;
        RETURN ARRAY[-v_conflict];
      END IF;

      v_offset := 0;
      FOR i IN 1..v_count LOOP
        IF p_kinds[i] = 0 AND NOT v_is_own[i] THEN
          UPDATE ${schema}.records r SET version = nextval('${schema}.versions'), expires_at = p_expires_at[i],
              queue = p_queues[i], due_at = p_due_at[i], value = p_values[i],
              body = substring(p_bodies FROM v_offset + 1 FOR p_sizes[i])
            WHERE r.key = p_keys[i] RETURNING r.version INTO v_version;
          v_versions[i] := v_version;
        ELSIF p_kinds[i] = 1 OR p_kinds[i] = 2 AND v_is_own[i] THEN
          DELETE FROM ${schema}.records r WHERE r.key = p_keys[i];
        END IF;
        v_offset := v_offset + coalesce(p_sizes[i], 0);
      END LOOP;
      RETURN v_versions;
    END
    $imnot$;
  `,
}
