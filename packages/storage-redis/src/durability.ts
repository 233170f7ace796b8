import type { Link } from './connection/link.ts'
import type { RedisClientLike } from './redis-client-like.ts'

/** A sentence for each setting of the server that can lose what was acknowledged. Empty where the settings may not be read. */
export async function durabilityWarnings({ place, send }: Link): Promise<string[]> {
  const read = async (name: string) => settingOf(await send('CONFIG', ['GET', name]).catch(() => null))
  const [appendonly, appendfsync, policy, maxmemory] = await Promise.all(
    ['appendonly', 'appendfsync', 'maxmemory-policy', 'maxmemory'].map(read),
  )
  const warnings: string[] = []
  if (appendonly === 'no') {
    warnings.push(
      `${place} keeps no append-only file, so everything since its last snapshot is lost when it stops; set appendonly yes.`,
    )
  }
  if (appendonly === 'yes' && appendfsync === 'no') {
    warnings.push(
      `${place} leaves it to its machine when to write the append-only file to the disk, so the last 30 seconds may be lost when the machine stops; set appendfsync everysec, or always.`,
    )
  }
  if (policy?.startsWith('allkeys-') && maxmemory !== '0') {
    warnings.push(
      `${place} evicts any key when its memory is full (maxmemory-policy ${policy}), so records may vanish; set maxmemory-policy noeviction.`,
    )
  }
  return warnings
}

/** A client that sends a command again after a lost connection may do a write twice. */
export function resendWarnings({ options }: RedisClientLike): string[] {
  if (options === undefined) return []
  const { autoResendUnfulfilledCommands: resends, retryDelayOnFailover: clusterDelay } = options
  if (clusterDelay === undefined ? resends === false : clusterDelay === 0) return []
  const remedy = clusterDelay === undefined ? 'autoResendUnfulfilledCommands: false' : 'retryDelayOnFailover: 0'
  return [
    `The client of the Redis storage sends a write again when the connection is lost before its answer, so a write may be done twice; make the client with ${remedy}.`,
  ]
}

/** Redis answers with a list of name and value, a client that maps replies with an object. */
function settingOf(reply: unknown): string | undefined {
  const value = Array.isArray(reply) ? reply[1] : Object.values(reply ?? {})[0]
  return value === undefined ? undefined : String(value)
}
