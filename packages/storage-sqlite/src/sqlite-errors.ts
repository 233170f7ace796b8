import { type ErrorCode, ImnotError } from '@imnot/core'

/** The primary result codes that mean something here, https://sqlite.org/rescode.html */
const primaryNames: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  18: 'SQLITE_TOOBIG',
  26: 'SQLITE_NOTADB',
}

const explanations: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  SQLITE_BUSY: ['STORAGE_BUSY', 'is locked by another process for too long; end what holds it, or try again'],
  SQLITE_LOCKED: ['STORAGE_BUSY', 'is locked by another process for too long; end what holds it, or try again'],
  SQLITE_FULL: ['STORAGE_FULL', 'cannot grow because its disk is full; free some space (reading goes on meanwhile)'],
  SQLITE_READONLY: ['STORAGE_UNAVAILABLE', 'cannot be written; make the file and its folder writable for this user'],
  SQLITE_CANTOPEN: ['STORAGE_UNAVAILABLE', 'cannot be opened; make the file and its folder readable and writable'],
  SQLITE_IOERR: ['STORAGE_UNAVAILABLE', 'could not be read or written; check its disk'],
  SQLITE_CORRUPT: ['STORAGE_UNAVAILABLE', 'is a damaged database; restore a backup, or name another path'],
  SQLITE_NOTADB: ['STORAGE_UNAVAILABLE', 'is not a SQLite database; name another path'],
  SQLITE_TOOBIG: ['BODY_TOO_LARGE', 'cannot hold a record of more than 1 GB'],
}

/** Another connection holds the lock that is needed: it may work a moment later. */
export function isBusy(error: unknown): boolean {
  const name = sqliteErrorName(error)
  return name === 'SQLITE_BUSY' || name === 'SQLITE_LOCKED'
}

/** The `ImnotError` that a failure of SQLite means. Anything else comes back as it is. */
export function explained(error: unknown, path: string): unknown {
  const name = sqliteErrorName(error)
  if (name === null) return error
  const [code, explanation] = explanations[name] ?? ['STORAGE_UNAVAILABLE', 'failed']
  return new ImnotError(code, `The database ${path} ${explanation} (${(error as Error).message}).`, { cause: error })
}

/** better-sqlite3 names a failure (`SQLITE_IOERR_WRITE`), `node:sqlite` numbers it; both may be more precise than the primary code. */
function sqliteErrorName(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  if (error.code === 'ERR_SQLITE_ERROR') {
    return 'errcode' in error ? (primaryNames[Number(error.errcode) & 0xff] ?? 'SQLITE_ERROR') : 'SQLITE_ERROR'
  }
  return /^SQLITE_[A-Z]+/.exec(error.code)?.[0] ?? null
}
