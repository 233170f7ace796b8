import { expect, onTestFinished, test } from 'vitest'
import { startImnot } from '../support/imnot-process.ts'
import { partnersFolder } from '../support/partners.ts'

const definition = `partner: shop
datapoints:
  - name: orders
    pattern: static
    endpoints:
      - { method: POST, path: /xml, when: { body: { "//HotelCode": X1 } }, response: { body: "{{ request.body.Order.HotelCode }}" } }
      - { method: POST, path: /json, when: { body: { "$.items[*].sku": A } }, response: { body: jsonpath } }
      - { method: POST, path: /pattern, when: { body: { name: { matches: "^a+$" } } }, response: { body: "{{ request.body.name | upcase }}" } }
`

test('the command finds every library that a definition may need', async () => {
  const partners = await partnersFolder({ shop: definition })
  const imnot = await startImnot({ storage: 'memory:', partners: partners.folder })
  onTestFinished(() => Promise.all([imnot.kill(), partners.remove()]).then(() => {}))
  const post = async (path: string, type: string, body: string) => {
    const response = await fetch(imnot.url + path, { method: 'POST', body, headers: { 'content-type': type } })
    return `${response.status} ${await response.text()}`
  }
  expect([
    await post('/xml', 'application/xml', '<Order><HotelCode>X1</HotelCode></Order>'),
    await post('/json', 'application/json', '{"items":[{"sku":"A"}]}'),
    await post('/pattern', 'application/json', '{"name":"aaa"}'),
  ]).toEqual(['200 X1', '200 jsonpath', '200 AAA'])
})
