import { ownServerMissing, startOwnServer } from '@imnot/tooling/servers/own-redis'
import { expect, onTestFinished, test } from 'vitest'
import { describeOutcome } from '../reliability/program.ts'
import { crashServer } from '../reliability/server-crash.ts'

if (ownServerMissing !== null && process.env.CI === 'true')
  throw new Error(`CI needs a Redis, but ${ownServerMissing}.`)
const redisTest = ownServerMissing === null ? test : test.skip
const reason = ownServerMissing === null ? '' : ` (skipped: ${ownServerMissing})`

async function crashRedis(name: string, kills: number, settings: readonly string[]) {
  const server = await startOwnServer(...settings)
  onTestFinished(() => server.remove())
  const outcome = await crashServer({ url: server.url, kill: () => server.stop('SIGKILL'), start: server.start }, kills)
  console.log(describeOutcome('server crash', name, outcome))
  return outcome
}

redisTest(`a Redis that syncs each write loses nothing acknowledged when it is killed${reason}`, async () => {
  const { broken } = await crashRedis('redis with its log', 5, ['--appendonly', 'yes', '--appendfsync', 'always'])
  expect(broken).toEqual([])
})

redisTest(`a Redis without a log is seen to lose what was acknowledged${reason}`, async () => {
  const { broken } = await crashRedis('redis without its log (a mutant)', 1, ['--appendonly', 'no'])
  expect(broken.length).toBeGreaterThan(0)
})
