import { expect, onTestFinished, test } from 'vitest'
import { describeOutcome } from '../reliability/program.ts'
import { crashServer } from '../reliability/server-crash.ts'
import { ownPostgres, ownRedis } from '../support/own-servers.ts'

/** The mutants of `server-crash`: were nothing seen to be lost here, the program could not see a loss at all. */
const mutants = [
  ['Redis without its log', ownRedis],
  ['Postgres with synchronous_commit=off', ownPostgres],
] as const

for (const [name, { missing, start }] of mutants) {
  if (missing !== null && process.env.CI === 'true') throw new Error(`CI needs a server to kill, but ${missing}.`)
  test.skipIf(missing !== null)(
    `a killed ${name} is seen to lose what was acknowledged${missing === null ? '' : ` (skipped: ${missing})`}`,
    { timeout: 120_000 },
    async () => {
      const server = await start('forgetful')
      onTestFinished(() => server.remove())
      const outcome = await crashServer(server, { kills: 10, stopAtLoss: true })
      console.log(describeOutcome('server-crash', `${name} (a mutant)`, outcome))
      expect(outcome.broken.length).toBeGreaterThan(0)
    },
  )
}
