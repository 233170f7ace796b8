import { findServer, postgresForTests, redisForTests } from '@imnot/tooling/servers/test-servers'

const postgres = await findServer(postgresForTests)
const redis = await findServer(redisForTests)

export const postgresUrl = postgres.url
export const redisUrl = redis.url

/** The databases that can be measured here. */
export function reachableDatabases(): ReadonlySet<string> {
  const found = new Set(['none'])
  if (postgres.missing === null) found.add('postgres')
  if (redis.missing === null) found.add('redis')
  return found
}
