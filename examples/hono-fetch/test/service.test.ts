import { createImnot, type Imnot } from '@imnot/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createService } from '../src/service.ts'

let imnot: Imnot
beforeAll(async () => {
  imnot = await createImnot({ partners: `${import.meta.dirname}/../partners`, admin: false })
})
afterAll(() => imnot.close())

test('a plain request is answered in this process', async () => {
  const response = await imnot.fetch(new Request('http://rates.example/currencies'))
  expect(await response.json()).toEqual(['EUR', 'USD'])
})

test('the service converts by the rates, which imnot gives to its fetch', async () => {
  await imnot.payloads.set('rates', 'latest', '{"USD":1.5}')
  const service = createService({ ratesUrl: 'http://rates.example', fetch: imnot.fetch })
  expect(await (await service.request('/convert/2/USD')).json()).toEqual({ amount: 3, currency: 'USD' })
})

test('the service serves imnot below /mock, for others too', async () => {
  const mock = (request: Request) => imnot.engine.fetch(request, { prefix: '/mock' })
  const service = createService({ ratesUrl: 'http://rates.example', mock })
  expect(await (await service.request('/mock/currencies')).json()).toEqual(['EUR', 'USD'])
  expect((await service.request('/currencies')).status).toBe(404)
})
