import { createImnot, type Imnot } from '@imnot/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { syncData } from '../src/acme-client.ts'

// One imnot for the whole file, in this process: no server, no port, nothing on the disk.
let imnot: Imnot
beforeAll(async () => {
  imnot = await createImnot({ partners: `${import.meta.dirname}/../partners` })
})
afterAll(() => imnot.close())

const baseUrl = 'https://api.acme.example'

// A session for each test keeps them apart, so that they may run at the same time.
describe.concurrent('syncData', () => {
  test.each(['1.10', '1e400', '12345678901234567890'])('keeps the amount %s as ACME wrote it', async (amount) => {
    await using session = await imnot.sessions.create()
    await session.payloads.set('acme', 'data-sync', `{"amount":${amount}}`)
    expect(await syncData({ baseUrl, fetch: session.fetch })).toBe(`{"amount":${amount}}`)
  })

  test('walks through the whole job', async () => {
    await using session = await imnot.sessions.create()
    await session.payloads.set('acme', 'data-sync', '{}')
    await syncData({ baseUrl, fetch: session.fetch })
    expect(await session.flows.list()).toMatchObject([
      { partner: 'acme', datapoint: 'data-sync', steps_done: [1, 2, 3] },
    ])
  })

  test('says so when ACME has no result', async () => {
    await using session = await imnot.sessions.create({ isolated: true })
    await expect(syncData({ baseUrl, fetch: session.fetch })).rejects.toThrow('ACME has no result')
    expect(await session.flows.list()).toHaveLength(1)
  })
})
