import { expect, test } from 'vitest'
import { deliveries } from '../reliability/deliveries.ts'
import { sharedStorages } from '../support/storages.ts'

test('the program for deliveries sees callbacks that are not tried again as missing', {
  timeout: 120_000,
}, async () => {
  const [sqlite] = await sharedStorages()
  if (sqlite === undefined) throw new Error('There is no storage to run it on.')
  const size = { deliveries: 100, scheduled: 100, kills: 0, attempts: 1, patienceSeconds: 3 }
  const { broken } = await deliveries.run(sqlite, size)
  expect(broken).toContainEqual(expect.stringMatching(/^the callback of .* never took effect$/))
  expect(broken).toContainEqual(expect.stringMatching(/^\d+ callbacks are dead$/))
})
