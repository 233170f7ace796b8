import type { Migration } from './migration.ts'

/**
 * A whole write in one call. It follows two-phase locking on keys, which makes writes serialisable in READ COMMITTED:
 *
 * 1. It locks the row of each key that is there, in the order of the keys so that two writes never wait for each other, and
 *    looks at the expectations under these locks. Each statement of the function sees what was committed before it. A check
 *    takes a shared lock: any number of guarded writes go on side by side, and none beside a delete of what they check.
 * 2. A key that is not there has no row to lock. A put inserts it; for any other operation a row is inserted that the same
 *    write deletes, so that nobody sees it, but whoever inserts the key waits. When another write was faster with one,
 *    everything begins anew, within the function while nothing is written, else by the caller after a rollback.
 * 3. Only then it changes what it has locked, and waits for nobody.
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
      v_is_there boolean[];
      v_versions bigint[];
      v_conflict int;
      v_version bigint;
      v_expires_at bigint;
      v_inserted int := 0;
      v_offset int;
      v_body bytea;
    BEGIN
      <<attempts>>
      FOR attempt IN 1..50 LOOP
        v_is_there := array_fill(false, ARRAY[v_count]);
        v_versions := array_fill(0::bigint, ARRAY[v_count]);
        v_conflict := NULL;

        FOR i IN 1..v_count LOOP
          IF p_kinds[i] = 2 THEN
            SELECT r.version, r.expires_at INTO v_version, v_expires_at
              FROM ${schema}.records r WHERE r.key = p_keys[i] FOR SHARE;
          ELSE
            SELECT r.version, r.expires_at INTO v_version, v_expires_at
              FROM ${schema}.records r WHERE r.key = p_keys[i] FOR UPDATE;
          END IF;
          v_is_there[i] := FOUND;
          IF NOT FOUND OR v_expires_at <= floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint THEN
            v_version := 0;
          END IF;
          IF p_expected[i] <> v_version THEN
            v_conflict := least(v_conflict, coalesce(p_positions[i], i));
          END IF;
        END LOOP;

        IF v_conflict > 0 THEN
          RETURN ARRAY[-v_conflict];
        END IF;

        v_offset := 0;
        FOR i IN 1..v_count LOOP
          IF p_sizes[i] IS NOT NULL THEN
            v_offset := v_offset + p_sizes[i];
          END IF;
          CONTINUE WHEN v_is_there[i];
          IF p_kinds[i] = 0 THEN
            v_body := NULL;
            IF p_sizes[i] IS NOT NULL THEN
              v_body := substring(p_bodies FROM v_offset - p_sizes[i] + 1 FOR p_sizes[i]);
            END IF;
            INSERT INTO ${schema}.records (key, version, expires_at, queue, due_at, value, body)
              VALUES (p_keys[i], nextval('${schema}.versions'), p_expires_at[i], p_queues[i], p_due_at[i], p_values[i], v_body)
              ON CONFLICT (key) DO NOTHING RETURNING version INTO v_version;
            v_versions[i] := v_version;
          ELSIF v_count > 1 THEN
            INSERT INTO ${schema}.records (key, version, value) VALUES (p_keys[i], 0, '')
              ON CONFLICT (key) DO NOTHING;
          ELSE
            -- Alone it is of one moment anyway: that at which nothing was found.
            CONTINUE;
          END IF;
          IF NOT FOUND THEN
            CONTINUE attempts WHEN v_inserted = 0;
            RAISE EXCEPTION 'Another write was faster' USING ERRCODE = 'serialization_failure';
          END IF;
          v_inserted := v_inserted + 1;
        END LOOP;

        v_offset := 0;
        FOR i IN 1..v_count LOOP
          IF p_sizes[i] IS NOT NULL THEN
            v_offset := v_offset + p_sizes[i];
          END IF;
          IF p_kinds[i] = 0 AND v_is_there[i] THEN
            v_body := NULL;
            IF p_sizes[i] IS NOT NULL THEN
              v_body := substring(p_bodies FROM v_offset - p_sizes[i] + 1 FOR p_sizes[i]);
            END IF;
            UPDATE ${schema}.records r SET version = nextval('${schema}.versions'), expires_at = p_expires_at[i],
                queue = p_queues[i], due_at = p_due_at[i], value = p_values[i], body = v_body
              WHERE r.key = p_keys[i] RETURNING r.version INTO v_version;
            v_versions[i] := v_version;
          ELSIF p_kinds[i] = 1 OR p_kinds[i] = 2 AND NOT v_is_there[i] THEN
            DELETE FROM ${schema}.records r WHERE r.key = p_keys[i];
          END IF;
        END LOOP;

        RETURN v_versions;
      END LOOP;
      RAISE EXCEPTION 'Other writes were always faster' USING ERRCODE = 'serialization_failure';
    END
    $imnot$;
  `,
}
