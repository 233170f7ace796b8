import { type ErrorCode, ImnotError } from '@imnot/core'

/** By the word with which Redis begins an error; within a script it may stand later in it. */
const explanations: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  OOM: ['STORAGE_FULL', 'has reached its maxmemory; raise it or free some (reading goes on meanwhile)'],
  BUSY: ['STORAGE_BUSY', 'is kept busy by a script of somebody else; end it with SCRIPT KILL, or try again'],
  MISCONF: ['STORAGE_UNAVAILABLE', 'refuses writes because it cannot write to its disk; its log says why'],
  READONLY: ['STORAGE_UNAVAILABLE', 'is a replica, which takes no writes; name the master'],
  LOADING: ['STORAGE_UNAVAILABLE', 'is still loading its data; it can be used when that is done'],
  MASTERDOWN: ['STORAGE_UNAVAILABLE', 'is a replica that has lost its master'],
  CLUSTERDOWN: ['STORAGE_UNAVAILABLE', 'is a Cluster of which a part is down'],
  TRYAGAIN: ['STORAGE_UNAVAILABLE', 'is a Cluster that is moving this slot; try again'],
  NOREPLICAS: ['STORAGE_UNAVAILABLE', 'refuses writes because it has too few replicas (min-replicas-to-write)'],
  MOVED: ['STORAGE_UNAVAILABLE', 'is a node of a Cluster; hand over a client: new Cluster(nodes)'],
  NOAUTH: ['STORAGE_UNAVAILABLE', 'asks for a password; add one to the URL'],
  WRONGPASS: ['STORAGE_UNAVAILABLE', 'does not accept this user and password'],
  NOPERM: ['STORAGE_UNAVAILABLE', 'does not permit this user what is needed; see the README for the rights'],
  WRONGTYPE: ['CONFIG_INVALID', 'has keys of another application under this prefix; choose another prefix'],
}

const words = new RegExp(`\\b(${Object.keys(explanations).join('|')})\\b`)

/** The `ImnotError` that a failed command means. */
export function explained(error: unknown, place: string): ImnotError {
  if (error instanceof ImnotError) return error
  const message = messageOf(error)
  if (message.startsWith("Stream isn't writeable")) return unreachable(place, new Error('the connection was lost'))
  if (isUnanswered(error)) {
    return failure(
      'STORAGE_UNAVAILABLE',
      `The connection to ${place} was lost before the answer came; a write that was under way may have been done.`,
      error,
    )
  }
  if (/\bMISCONF\b.*No space left/s.test(message)) {
    return failure('STORAGE_FULL', `${place} cannot write because its disk is full; free some space.`, error)
  }
  const [code, explanation] = explanations[words.exec(message)?.[1] ?? ''] ?? ['STORAGE_UNAVAILABLE', 'failed']
  return failure(code, `${place} ${explanation} (${message}).`, error)
}

/** There is no connection, and nothing was sent. */
export function unreachable(place: string, error: unknown): ImnotError {
  const message = messageOf(error)
  if (words.test(message)) return explained(error, place)
  return failure(
    'STORAGE_UNAVAILABLE',
    `${place} cannot be reached (${message}); start it or correct its address.`,
    error,
  )
}

export function isUnknownScript(error: unknown): boolean {
  return error instanceof ImnotError && messageOf(error.cause).startsWith('NOSCRIPT')
}

function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (
    error.name === 'MaxRetriesPerRequestError' ||
    error.name === 'AbortError' ||
    /^(Connection is closed|Command timed out|Socket timeout)|\bECONNRESET\b|\bEPIPE\b/.test(error.message)
  )
}

/** ioredis notes the command in the error, and so what was to be stored, or the password: nothing to hand on. */
function failure(code: ErrorCode, message: string, cause: unknown): ImnotError {
  if (cause instanceof Error && 'command' in cause) delete cause.command
  return new ImnotError(code, message, { cause })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : 'no answer'
}
