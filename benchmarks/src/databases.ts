import { connect } from 'node:net'

export const postgresUrl = process.env.IMNOT_TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
export const redisUrl = process.env.IMNOT_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'

/** The databases that can be measured here. */
export async function reachableDatabases(): Promise<ReadonlySet<string>> {
  const found = new Set(['none'])
  if (await isListening(postgresUrl, 5432)) found.add('postgres')
  if (await isListening(redisUrl, 6379)) found.add('redis')
  return found
}

function isListening(url: string, standardPort: number): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || standardPort), timeout: 1000 })
    const done = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
    socket.once('timeout', () => done(false))
  })
}
