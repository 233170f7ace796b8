import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testStorage } from '@imnot/storage-testkit'
import { describe, test } from 'vitest'
import type { DriverName } from '../src/drivers/driver.ts'
import { loadDriver } from '../src/drivers/load-driver.ts'
import { sqliteStorage } from '../src/sqlite-storage.ts'

const drivers: readonly DriverName[] = ['better-sqlite3', 'node:sqlite']

for (const driver of drivers) {
  const missing = await loadDriver(driver).then(
    () => null,
    (error: Error) => error.message,
  )

  describe.skipIf(missing !== null)(`with ${driver}${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
    testStorage({
      name: 'sqlite on the real clock',
      test,
      create: async () => {
        const folder = await mkdtemp(join(tmpdir(), 'imnot-sqlite-'))
        const open = async () => sqliteStorage({ path: join(folder, 'imnot.db'), driver })
        return {
          storage: await open(),
          second: open,
          reopen: open,
          destroy: () => rm(folder, { recursive: true }),
        }
      },
    })

    testStorage({
      name: 'sqlite on a clock that is moved',
      test,
      create: async () => {
        const folder = await mkdtemp(join(tmpdir(), 'imnot-sqlite-'))
        let now = 1_700_000_000_000
        return {
          storage: sqliteStorage({ path: join(folder, 'imnot.db'), driver, now: () => now, synchronous: 'FULL' }),
          advance: async (ms) => {
            now += ms
          },
          destroy: () => rm(folder, { recursive: true }),
        }
      },
    })
  })
}
