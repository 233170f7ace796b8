import { chmod, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sqliteStorage } from '../src/sqlite-storage.ts'
import { temporaryFolder } from './temporary-folder.ts'

async function modesOf(path: string): Promise<number[]> {
  const stats = await Promise.all([path, `${path}-wal`, `${path}-shm`].map((file) => stat(file)))
  return stats.map(({ mode }) => mode & 0o777)
}

// Windows has no such modes.
test.skipIf(process.platform === 'win32')('the database and its companions are for their owner alone', async () => {
  const umask = process.umask(0)
  onTestFinished(() => void process.umask(umask))
  const path = join(await temporaryFolder(), 'deep', 'er', 'imnot.db')
  const first = sqliteStorage({ path })
  await first.init()
  await first.write([{ type: 'put', key: 'key', value: 1 }])
  expect(await modesOf(path)).toEqual([0o600, 0o600, 0o600])
  await first.close()

  await chmod(path, 0o644)
  const second = sqliteStorage({ path })
  onTestFinished(() => second.close())
  await second.init()
  await second.write([{ type: 'put', key: 'key', value: 2 }])
  expect(await modesOf(path)).toEqual([0o600, 0o600, 0o600])
})
