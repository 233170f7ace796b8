import { type ErrorCode, ImnotError, isImnotError } from '@imnot/core'

type Explanation = readonly [ErrorCode, string]

const unreachable: Explanation = ['STORAGE_UNAVAILABLE', 'cannot be reached; start it, or check its address']
const full: Explanation = [
  'STORAGE_FULL',
  'cannot grow because its disk is full; free some space (reading goes on meanwhile)',
]
const busy: Explanation = ['STORAGE_BUSY', 'is locked by others for too long; end what holds the lock, or try again']

/** By SQLSTATE or its class, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const explanations: Readonly<Record<string, Explanation>> = {
  '08': ['STORAGE_UNAVAILABLE', 'broke the connection; check the server'],
  '28': ['STORAGE_UNAVAILABLE', 'refuses the user or the password; correct them'],
  '40': busy,
  '57': ['STORAGE_UNAVAILABLE', 'is starting or shutting down; try again in a moment'],
  '25006': ['STORAGE_UNAVAILABLE', 'is read-only, as a standby is; connect to the primary'],
  '3D000': ['STORAGE_UNAVAILABLE', 'does not exist; create it, or name another one'],
  '42501': [
    'STORAGE_UNAVAILABLE',
    'grants its user too little; grant CREATE on the database, or make the schema for that user',
  ],
  '53100': full,
  '53300': ['STORAGE_UNAVAILABLE', 'has no connection left; raise its max_connections, or use fewer'],
  '54000': ['BODY_TOO_LARGE', 'cannot hold a record of more than 1 GB'],
  '55P03': busy,
  '57014': ['STORAGE_BUSY', 'cancelled a statement that took too long; try again, or raise its statement_timeout'],
}

/** The SQLSTATE of an error that the server sent; null for any other. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return null
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null
}

/** Lost to another transaction, which has ended: it may work now. */
export function isRetryable(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40001' || state === '40P01'
}

/** Whether the connection on which the error came can be used again. */
export function leavesConnectionUsable(error: unknown): boolean {
  const state = sqlState(error)
  return state !== null && !/^(08|53|57P|58|XX)/.test(state)
}

/** The `ImnotError` that a failure of the driver or the server means. */
export function explained(error: unknown, place: string): ImnotError {
  if (isImnotError(error)) return error
  const state = sqlState(error)
  const [code, explanation] = explanationOf(state)
  return new ImnotError(code, `The database ${place} ${explanation} (${reason(error)}).`, { cause: error })
}

function explanationOf(state: string | null): Explanation {
  if (state === null) return unreachable
  return explanations[state] ?? explanations[state.slice(0, 2)] ?? ['STORAGE_UNAVAILABLE', 'failed']
}

/** A name with several addresses fails with an error for each and no message of its own. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message !== '') return error.message
  return error instanceof AggregateError ? error.errors.map(reason).join(', ') : error.name
}
