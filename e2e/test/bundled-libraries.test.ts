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
      - { method: POST, path: /schema, validate: { schema: { required: [a], properties: { mail: { format: email } } } }, response: { body: fits } }
      - { method: POST, path: /draft-07, validate: { schema: { $schema: "http://json-schema.org/draft-07/schema#", required: [a] } }, response: { body: fits } }
      - { method: POST, path: /draft-2019, validate: { schema: { $schema: "https://json-schema.org/draft/2019-09/schema", required: [a] } }, response: { body: fits } }
  - name: bill
    pattern: fetch
    endpoints: [ { method: GET, path: /bill, response: { splice: { /id: "{{ request.query.id }}" } } } ]
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
    await post('/schema', 'application/json', '{"a":1,"mail":"a@b.test"}'),
    await post('/draft-07', 'application/json', '{"a":1}'),
    await post('/draft-2019', 'application/json', '{"a":1}'),
    (await post('/schema', 'application/json', '{"mail":"no"}')).slice(0, 3),
  ]).toEqual(['200 X1', '200 jsonpath', '200 AAA', '200 fits', '200 fits', '200 fits', '422'])
  const payload = '/imnot/admin/shop/bill/payload'
  expect(await post(payload, 'application/json', '{"id": 1, "total": 1.10}')).toMatch(/^200 /)
  expect(await (await fetch(`${imnot.url}/bill?id=A-1`)).text()).toBe('{"id": "A-1", "total": 1.10}')
  expect(await post(payload, 'application/json', '{"id": 1,')).toContain('at line 1, column 10')
})
