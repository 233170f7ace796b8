import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startImnot } from '../support/imnot-process.ts'
import { partnersFolder } from '../support/partners.ts'

const definition = `partner: shop
datapoints:
  - name: rates
    pattern: callback
    endpoints: [{ method: POST, path: /rates, response: { callback_url_field: url } }]
`

test('the command brings a callback to its receiver', async () => {
  const receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    receiver.emit('called', `${request.method} ${request.url} ${body}`)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  onTestFinished(() => void receiver.close())
  const partners = await partnersFolder({ shop: definition })
  const imnot = await startImnot({ storage: 'memory:', partners: partners.folder })
  onTestFinished(() => Promise.all([imnot.kill(), partners.remove()]).then(() => {}))
  const called = once(receiver, 'called')
  const post = (path: string, body: object) =>
    fetch(`${imnot.url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
  await post('/imnot/admin/shop/rates/payload', { rate: 1.5 })
  await post('/rates', { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook` })
  expect(await called).toEqual(['POST /hook {"rate":1.5}'])
})
