import { createImnot, type Imnot } from '@imnot/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createService } from '../src/service.ts'

let imnot: Imnot
let service: Awaited<ReturnType<typeof createService>>
let url = ''

// The service as it is in staging: it mocks LODGE within itself, and calls itself at /mock.
beforeAll(async () => {
  imnot = await createImnot({ partners: `${import.meta.dirname}/../partners`, admin: false })
  service = await createService({ lodgeUrl: () => `${url}/mock`, imnot })
  url = await service.listen({ port: 0 })
})
afterAll(async () => {
  await service.close()
  await imnot.close()
})

test('shows the booking of LODGE with the note on it', async () => {
  await imnot.payloads.set('lodge', 'booking', '{"guest":"Ada"}')
  const noted = await service.inject({ method: 'POST', url: '/note', payload: { text: 'late arrival' } })
  expect(noted.statusCode).toBe(204)
  expect((await service.inject('/booking')).json()).toEqual({
    booking: { guest: 'Ada' },
    note: { text: 'late arrival' },
  })
})

test('has its own schemas and its own 404, beside the mock and below it', async () => {
  const refused = await service.inject({ method: 'POST', url: '/note', payload: { wrong: true } })
  expect([refused.statusCode, refused.json().message]).toEqual([400, "body must have required property 'text'"])
  for (const path of ['/nothing', '/mock/nothing', '/v1/booking']) {
    expect((await service.inject(path)).json()).toEqual({ error: `no ${path} here` })
  }
})
