import { describe, expect, test } from 'vitest'
import { describeOutcome } from '../reliability/program.ts'
import { programs, type SizeChanges } from '../reliability/programs.ts'
import { type SharedStorage, sharedStorages } from '../support/storages.ts'

/** The longest program is cut for each change where each request goes over a connection; the rest is for the night. */
function changesFor(program: string, { isRemote }: SharedStorage): SizeChanges {
  return program === 'sessions' && isRemote ? { flows: 20 } : {}
}

for (const storage of await sharedStorages()) {
  describe(`on ${storage.name}`, () => {
    for (const { name, whyNot, short } of programs.filter(({ concerns }) => concerns(storage))) {
      const missing = whyNot(storage)
      if (missing !== null && process.env.CI === 'true') throw new Error(`CI needs what is missing: ${missing}.`)
      test.skipIf(missing !== null)(
        `the short run of ${name} breaks no promise${missing === null ? '' : ` (skipped: ${missing})`}`,
        { timeout: 300_000 },
        async () => {
          const outcome = await short(storage, changesFor(name, storage))
          console.log(describeOutcome(name, storage.name, outcome))
          expect(outcome.broken).toEqual([])
        },
      )
    }
  })
}
