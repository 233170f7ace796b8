import { isListening } from '@imnot/tooling/servers/is-listening'

export const postgresUrl = process.env.IMNOT_TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
export const redisUrl = process.env.IMNOT_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'

/** The databases that can be measured here. */
export async function reachableDatabases(): Promise<ReadonlySet<string>> {
  const found = new Set(['none'])
  if (await isReachable(postgresUrl, 5432)) found.add('postgres')
  if (await isReachable(redisUrl, 6379)) found.add('redis')
  return found
}

function isReachable(url: string, standardPort: number): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return isListening(hostname, Number(port || standardPort))
}
