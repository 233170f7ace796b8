import { closeSync, openSync } from 'node:fs'
import { chmod, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ImnotError } from '@imnot/core'

/** What SQLite keeps beside a database in WAL mode. It gives them the mode of the database when it makes them. */
const companions = ['', '-wal', '-shm']

/** Makes the folder and the file where they are missing. The file is for its owner alone, from its first moment. */
export async function prepareDatabaseFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    createPrivately(path)
    const { mode } = await refuseDirectory(path)
    if ((mode & 0o077) !== 0) await makePrivate(path)
  } catch (error) {
    if (error instanceof ImnotError) throw error
    throw new ImnotError(
      'STORAGE_UNAVAILABLE',
      `The database ${path} cannot be made or opened: ${(error as Error).message}.`,
      { cause: error },
    )
  }
}

/**
 * Opens only a file that does not exist yet, and closes it in the same turn: closing any descriptor of a database drops all
 * locks that this process holds on it (https://sqlite.org/howtocorrupt.html, 2.2).
 */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

async function refuseDirectory(path: string) {
  const stats = await stat(path)
  if (!stats.isDirectory()) return stats
  throw new ImnotError(
    'STORAGE_UNAVAILABLE',
    `The database ${path} is a folder; name a file, such as ${path}/imnot.db.`,
  )
}

async function makePrivate(path: string): Promise<void> {
  for (const companion of companions) {
    // A companion may not exist, and a file of another owner is not ours to close.
    await chmod(`${path}${companion}`, 0o600).catch(() => undefined)
  }
}
