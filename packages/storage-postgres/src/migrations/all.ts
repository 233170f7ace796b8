import { createRecords } from './0001-records.ts'
import { createWriteRecords } from './0002-write-records.ts'
import { createClaimRecords } from './0003-claim-records.ts'
import type { Migration } from './migration.ts'

export const migrations: readonly Migration[] = [createRecords, createWriteRecords, createClaimRecords]
