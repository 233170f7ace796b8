import { createRecords } from './0001-records.ts'
import type { Migration } from './migration.ts'

export const migrations: readonly Migration[] = [createRecords]
