import { createImnot, serve } from '@imnot/node'
import { expect, onTestFinished, test } from 'vitest'
import { syncData } from '../src/acme-client.ts'

test('code that can only be given a base URL gets that of a session', async () => {
  const imnot = await createImnot({ partners: `${import.meta.dirname}/../partners` })
  const server = await serve(imnot, { port: 0 })
  onTestFinished(() => server.close())

  await using session = await imnot.sessions.create()
  await session.payloads.set('acme', 'data-sync', '{"amount":1.10}')
  expect(await syncData({ baseUrl: session.baseUrl })).toBe('{"amount":1.10}')
})
