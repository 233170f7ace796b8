import { describe, expect, test } from 'vitest'
import { startPartner } from '../support/start-partner.ts'

const yaml = `
partner: acme
datapoints:
  - name: orders
    pattern: async
    errors: { not_found: { status: 404, body: { code: gone } } }
    endpoints:
      - step: 1
        method: POST
        path: /hotels/{hotel}/orders
        capture:
          room: $.rooms[0].code
          hotel: params.hotel
          size: query.size
          trace: headers.X-Trace
          name: body.guest.name
          upper: "{{ request.body.guest.name | upcase }}"
        response: { generates_id: true, body: { id: "{id}", upper: "{{ flow.upper }}" } }
      - step: 2
        method: PATCH
        path: /orders/{id}
        capture: { size: body.size, room: body.room }
        response: { body: { size: "{{ flow.size }}", room: "{{ flow.room }}" } }
      - step: 3
        method: GET
        path: /orders/{id}
        when: { flow: { size: XL } }
        response: { body: big }
      - step: 3
        method: GET
        path: /orders/{id}
        response:
          body: { room: "{{ flow.room }}", hotel: "{{ flow.hotel }}", size: "{{ flow.size }}", trace: "{{ flow.trace }}", name: "{{ flow.name }}", polls: "{{ flow.polls }}" }
      - { method: DELETE, path: "/orders/{id}", response: { status: 200, body: { gone: "{{ flow.name }}" } } }
      - { method: GET, path: /orders, response: { body: [] } }
  - name: files
    pattern: async
    endpoints:
      - step: 1
        method: PUT
        path: /files
        capture: { file: body }
        response: { generates_id: true, body: { id: "{id}", bytes: "{{ flow.file.size }}", text: "{{ flow.file.text }}" } }
      - { step: 2, method: GET, path: "/files/{id}", response: { body_from: flow.file } }
      - { method: GET, path: "/files/{id}/raw", response: { body_from: flow.file, content_type: text/plain } }
  - name: soap
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /soap/start, capture: { code: //Code }, response: { generates_id: true, id: "{{ request.body.Start.Code }}", body: ok } }
      - { step: 2, method: POST, path: /soap/status, id_from: //Code, response: { body: { code: "{{ flow.code }}" } } }
      - { method: GET, path: /soap/status, id_from: "{{ request.query.urn | split: ':' | last }}", response: { body: { code: "{{ flow.code }}" } } }
      - { method: POST, path: /soap/json, id_from: "$.jobs[0].id", response: { body: { code: "{{ flow.code }}" } } }
`

describe('capture', () => {
  test('keeps what requests say, for every later answer and condition', async () => {
    const { ask } = await startPartner(yaml)
    const order = { rooms: [{ code: 'DBL' }], guest: { name: 'Ada' } }
    const started = await ask('POST', '/hotels/H1/orders?size=M', order, { 'x-trace': 't1' })
    expect(started.json).toEqual({ id: started.json.id, upper: 'ADA' })
    const path = `/orders/${started.json.id}`
    expect((await ask('PATCH', path, { size: 'L' })).json).toEqual({ size: 'L', room: 'DBL' })
    expect((await ask('GET', path)).json).toEqual({
      ...{ room: 'DBL', hotel: 'H1', size: 'L', trace: 't1', name: 'Ada', polls: 1 },
    })
    await ask('PATCH', path, { size: 'XL' })
    expect((await ask('GET', path)).text).toBe('big')
  })

  test('stays out of the values of records, so that encryption covers it', async () => {
    const { ask, storage } = await startPartner(yaml)
    await ask('POST', '/hotels/H1/orders', { guest: { name: 'Ada Lovelace' } })
    const records = await storage.list('global/flow/')
    expect(records).toHaveLength(1)
    expect(JSON.stringify(records)).not.toContain('Lovelace')
  })

  test('of a body keeps its bytes and its media type', async () => {
    const { call } = await startPartner(yaml)
    const bytes = new Uint8Array([0, 255, 10, 13, 128])
    const started = await call('PUT', '/files', { body: bytes, headers: { 'content-type': 'image/x-odd; a=b' } })
    const { id } = (await started.json()) as { id: string }
    const read = await call('GET', `/files/${id}`)
    expect([read.headers.get('content-type'), new Uint8Array(await read.arrayBuffer())]).toEqual([
      'image/x-odd; a=b',
      bytes,
    ])
    expect((await call('GET', `/files/${id}/raw`)).headers.get('content-type')).toBe('text/plain')
  })
})

describe('endpoints without a step', () => {
  test('stand outside the order, and one that names no flow needs none', async () => {
    const { ask } = await startPartner(yaml)
    const { id } = (await ask('POST', '/hotels/H1/orders', { guest: { name: 'Ada' } })).json
    expect((await ask('GET', `/orders/${id}`)).status).toBe(409)
    expect((await ask('DELETE', `/orders/${id}`)).json).toEqual({ gone: 'Ada' })
    expect((await ask('DELETE', '/orders/x')).json).toEqual({ code: 'gone' })
    expect((await ask('GET', '/orders')).json).toEqual([])
  })
})

describe('id_from', () => {
  test('takes an XPath, a JSONPath and a template', async () => {
    const { ask } = await startPartner(yaml)
    const xml = { 'content-type': 'text/xml' }
    await ask('POST', '/soap/start', '<Start><Code>A7</Code></Start>', xml)
    const body =
      '<s:Envelope xmlns:s="u"><s:Body><Status><x:Code xmlns:x="y">A7</x:Code></Status></s:Body></s:Envelope>'
    expect((await ask('POST', '/soap/status', body, xml)).json).toEqual({ code: 'A7' })
    expect((await ask('GET', '/soap/status?urn=urn:job:A7')).json).toEqual({ code: 'A7' })
    expect((await ask('POST', '/soap/json', { jobs: [{ id: 'A7' }] })).json).toEqual({ code: 'A7' })
    for (const nothing of ['', '<a/>', '<']) expect((await ask('POST', '/soap/status', nothing, xml)).status).toBe(404)
  })
})
