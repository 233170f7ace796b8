import { describe, expect, test } from 'vitest'
import { describeOutcome } from '../reliability/program.ts'
import { programs } from '../reliability/programs.ts'
import { sharedStorages } from '../support/storages.ts'

/** The longest of them runs for each change on one storage; the rest is for the night. */
const isForEachChange = (name: string, isRemote: boolean) => name !== 'sessions' || !isRemote

for (const storage of await sharedStorages()) {
  const title = storage.missing === null ? storage.name : `${storage.name} (skipped: ${storage.missing})`
  describe.skipIf(storage.missing !== null)(`on ${title}`, () => {
    test.each(programs.filter(({ name, concerns }) => concerns(storage) && isForEachChange(name, storage.isRemote)))(
      'the short run of $name breaks no promise',
      { timeout: 300_000 },
      async ({ name, short }) => {
        const outcome = await short(storage)
        console.log(describeOutcome(name, storage.name, outcome))
        expect(outcome.broken).toEqual([])
      },
    )
  })
}
