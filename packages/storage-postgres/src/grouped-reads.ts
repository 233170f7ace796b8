import type { GetOptions, StoredRecord } from '@imnot/core'
import type { Database } from './connection/database.ts'
import { type RecordRow, storedRecords } from './record-rows.ts'
import type { Statements } from './statements.ts'

export type GroupedReads = ReturnType<typeof createGroupedReads>

interface Read {
  readonly keys: readonly string[]
  readonly known: GetOptions['known']
  /** When it was asked for, in milliseconds. */
  readonly since: number
  readonly resolve: (rows: readonly RecordRow[]) => void
  readonly reject: (error: unknown) => void
}

const STATEMENTS_AT_ONCE = 3
/** So that no statement grows without bounds; a read of more keys goes alone. */
const KEYS_IN_GROUP = 500
/** Who has waited for so long while a statement failed would wait as long for the next one, and is told at once. */
const PATIENCE_MS = 500

/**
 * While some reads are under way, those that follow wait and go together in one statement. Parsing and planning it costs the
 * server more than finding the records, so that under load a group of reads costs little more than one.
 */
export function createGroupedReads(database: Database, statements: Statements) {
  const waiting: Read[] = []
  let underWay = 0

  function nextGroup(): Read[] {
    let keys = 0
    let count = 0
    for (const read of waiting) {
      keys += read.keys.length
      if (count > 0 && keys > KEYS_IN_GROUP) break
      count++
    }
    return waiting.splice(0, count)
  }

  function impatient(): Read[] {
    const patientSince = performance.now() - PATIENCE_MS
    const first = waiting.findIndex(({ since }) => since > patientSince)
    return waiting.splice(0, first < 0 ? waiting.length : first)
  }

  async function work(): Promise<void> {
    underWay++
    while (waiting.length > 0) {
      const group = nextGroup()
      try {
        const rows = await readGroup(group)
        for (const read of group) read.resolve(rowsOf(read, rows))
      } catch (error) {
        for (const { reject } of [...group, ...impatient()]) reject(error)
      }
    }
    underWay--
  }

  async function readGroup(group: readonly Read[]): Promise<ReadonlyMap<string, RecordRow>> {
    const wanted = new Map<string, number | null>()
    for (const { keys, known } of group) {
      for (const key of keys) {
        const version = known?.get(key) ?? null
        // The body comes where any of them does not know it.
        wanted.set(key, wanted.has(key) && wanted.get(key) !== version ? null : version)
      }
    }
    const { rows } = await database.ask(statements.get([...wanted.keys()], [...wanted.values()]))
    return new Map((rows as RecordRow[]).map((row) => [row.key, row]))
  }

  return {
    /** The records in the order of the keys; null where there is none. */
    async get(keys: readonly string[], { known }: GetOptions = {}): Promise<(StoredRecord | null)[]> {
      if (keys.length === 0) return []
      const rows = await new Promise<readonly RecordRow[]>((resolve, reject) => {
        waiting.push({ keys, known, since: performance.now(), resolve, reject })
        if (underWay < STATEMENTS_AT_ONCE) void work()
      })
      // The further parts of a large body are this reader's affair: the others do not wait for them.
      const records = await storedRecords(database, statements, rows)
      const found = new Map(records.map((record) => [record.key, record]))
      return keys.map((key) => found.get(key) ?? null)
    },
  }
}

function rowsOf({ keys, known }: Read, rows: ReadonlyMap<string, RecordRow>): RecordRow[] {
  return [...new Set(keys)].flatMap((key) => {
    const row = rows.get(key)
    if (row === undefined) return []
    return [known?.get(key) === row.version ? { ...row, body_size: null, body: null } : row]
  })
}
