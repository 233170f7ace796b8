import { Buffer } from 'node:buffer'
import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startEngine } from './support/start-engine.ts'

const yaml = `partner: shop
datapoints:
  - { name: bill, pattern: fetch, endpoints: [{ method: GET, path: /bill, response: { headers: { X-Kind: bill } } }] }
  - { name: note, pattern: static, endpoints: [{ method: GET, path: /note, response: { body: hi } }] }
`
const upload = '/imnot/admin/shop/bill/payload'

const bodies: readonly (readonly [title: string, type: string, body: Uint8Array])[] = [
  ['JSON with a byte order mark', 'application/json', Buffer.from('\ufeff{"a":1}')],
  ['JSON with CRLF and spaces', 'application/json; charset=utf-8', Buffer.from('{\r\n  "a" : 1 \r\n}\r\n')],
  ['JSON with 1.10 and 1e400', 'application/json', Buffer.from('{"price":1.10,"huge":1e400,"tiny":-0.0}')],
  ['JSON with duplicate keys and their order', 'application/json', Buffer.from('{"b":1,"a":2,"b":3}')],
  ['JSON with a 20-digit integer', 'application/json', Buffer.from('{"id":12345678901234567890}')],
  ['JSON that is a bare scalar', 'application/json', Buffer.from('null')],
  [
    'ISO-8859-1 XML',
    'application/xml',
    Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>\n<n>Müller</n>', 'latin1'),
  ],
  ['UTF-16 XML', 'text/xml', Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-16"?><n>Müller</n>', 'utf16le')],
  [
    'a PDF',
    'application/pdf',
    Buffer.concat([Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'), randomBytes(4096)]),
  ],
  ['bytes that are no text at all', 'application/octet-stream', Buffer.from([0, 255, 254, 0, 128, 13, 10, 13])],
  ['gzip', 'application/gzip', Buffer.from('1f8b0800000000000003cb48cdc9c95728cf2fca49010085114a0d0b000000', 'hex')],
  ['CSV', 'text/csv', Buffer.from('a;b\r\n"1,10";2\r\n')],
  ['nothing', 'text/plain', Buffer.alloc(0)],
  ['50 MB', 'application/octet-stream', randomBytes(50_000_000)],
]

describe('an uploaded payload comes back byte for byte with its media type', () => {
  test.each(bodies)('%s', async (_title, type, body) => {
    const running = await startEngine({ yaml })
    const stored = await running.admin('POST', upload, { body, headers: { 'content-type': type } })
    const sha256 = createHash('sha256').update(body).digest('hex')
    expect(stored.json).toMatchObject({
      status: 'ok',
      partner: 'shop',
      datapoint: 'bill',
      bytes: body.byteLength,
      sha256,
    })
    const answer = await running.call('GET', '/bill')
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-kind')]).toEqual([
      200,
      type,
      'bill',
    ])
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true)
    const raw = await running.admin('GET', `${upload}/raw`)
    expect(Buffer.from(raw.body).equals(body)).toBe(true)
  })
})

describe('an upload without a useful media type', () => {
  const form = 'application/x-www-form-urlencoded'
  test.each([
    ['{"a":1}', form, 'application/json'],
    ['  [1]', undefined, 'application/json'],
    ['\ufeff{}', form, 'application/json'],
    ['<a/>', form, 'application/xml'],
    ['%PDF-1.7', form, 'application/octet-stream'],
    ['a=1&b=2', form, 'application/octet-stream'],
  ])('%s is told by its content', async (body, type, expected) => {
    const running = await startEngine({ yaml })
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
    expect((await running.admin('POST', upload, { body, headers })).json.content_type).toBe(expected)
  })
})

describe('a payload that is not what it says', () => {
  test.each([
    ['application/json', '{"a": 1,\n "b": [1, 2', 'line 2, column'],
    ['application/json', '{"a": 1,}', 'line 1, column 9'],
    ['application/json', '', 'line 1, column 1'],
    ['application/json', '{} {}', 'line 1, column 4'],
    ['application/vnd.x+json', "{'a':1}", 'line 1, column 2'],
    ['application/x-www-form-urlencoded', '{"a":', 'line 1, column'],
    ['application/xml', '<a>\n<b></a>', 'line 2, column'],
    ['text/xml', '<a>', 'line 1'],
    ['text/xml', 'hello', 'XML'],
    ['application/json', '\xff\xfe{', 'not text in its encoding'],
  ])('%s %j is refused with its place, and the payload from before stays', async (type, text, place) => {
    const running = await startEngine({ yaml })
    await running.admin('POST', upload, { body: '{"before":true}', headers: { 'content-type': 'application/json' } })
    const body = text.startsWith('\xff') ? Buffer.from([0xc3, 0x28]) : text
    const refused = await running.admin('POST', upload, { body, headers: { 'content-type': type } })
    expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining(place)])
    expect(await (await running.call('GET', '/bill')).text()).toBe('{"before":true}')
    const taken = await running.admin('POST', `${upload}?verbatim=true`, { body, headers: { 'content-type': type } })
    expect([taken.status, taken.json.content_type]).toEqual([200, type])
  })
})

describe('inspecting a payload', () => {
  test('shows JSON as it was uploaded, with what is known of it', async () => {
    const running = await startEngine({ yaml })
    await running.admin('POST', upload, {
      body: '{"a":1.10,"n":12345678901234567890}',
      headers: { 'content-type': 'application/json' },
    })
    const shown = await running.admin('GET', upload)
    expect(new TextDecoder().decode(shown.body)).toContain(
      '{"payload":{"a":1.10,"n":12345678901234567890},"updated_at":"',
    )
    expect(shown.json).toMatchObject({ content_type: 'application/json', bytes: 35 })
  })

  test('shows text as a string and everything else in base64', async () => {
    const running = await startEngine({ yaml })
    await running.admin('POST', upload, { body: '<a>ü</a>', headers: { 'content-type': 'text/xml' } })
    expect((await running.admin('GET', upload)).json).toMatchObject({ payload: '<a>ü</a>' })
    await running.admin('POST', upload, { body: Buffer.from([1, 2, 255]), headers: { 'content-type': 'image/png' } })
    expect((await running.admin('GET', upload)).json).toMatchObject({ payload: 'AQL/', encoding: 'base64' })
  })

  test('tells what is missing and what to do', async () => {
    const running = await startEngine({ yaml })
    for (const [path, detail] of [
      [upload, 'No global payload set for shop/bill'],
      ['/imnot/admin/shop/bil/payload', 'no datapoint shop/bil'],
      ['/imnot/admin/shop/note/payload', 'pattern static'],
      [`${upload}/session/none`, "Session 'none' not found"],
      [`${upload}?key=1`, '"key" is no parameter in the paths of bill'],
    ] as const) {
      const refused = await running.admin('GET', path)
      expect([path, refused.status >= 400 && refused.status < 500, refused.json.detail]).toEqual([
        path,
        true,
        expect.stringContaining(detail),
      ])
    }
  })
})

test('a removed payload is gone', async () => {
  const running = await startEngine({ yaml })
  await running.admin('POST', upload, { body: '{}', headers: { 'content-type': 'application/json' } })
  expect((await running.admin('DELETE', upload)).json).toEqual({ status: 'ok', partner: 'shop', datapoint: 'bill' })
  expect((await running.call('GET', '/bill')).status).toBe(404)
  expect((await running.admin('DELETE', upload)).status).toBe(404)
})

test('a payload that is refused leaves no session behind', async () => {
  const running = await startEngine({ yaml })
  const refused = await running.admin('POST', `${upload}/session`, {
    body: '{',
    headers: { 'content-type': 'application/json' },
  })
  expect(refused.status).toBe(400)
  expect((await running.admin('GET', '/imnot/admin/sessions')).json).toEqual([])
})

test('a body over the limit is refused with 413 before it is read', async () => {
  const running = await startEngine({ yaml, limits: { upload: 1000 } })
  const declared = await running.admin('POST', upload, {
    body: 'x',
    headers: { 'content-length': '1001', 'content-type': 'text/plain' },
  })
  expect(declared.status).toBe(413)
  const streamed = await running.admin('POST', upload, {
    body: 'x'.repeat(1001),
    headers: { 'content-type': 'text/plain' },
  })
  expect([streamed.status, streamed.json.detail]).toEqual([413, expect.stringContaining('1000 bytes')])
})

describe('payloads for values of path parameters', () => {
  const keyed = `partner: inn
datapoints:
  - name: rooms
    pattern: fetch
    endpoints:
      - { method: GET, path: "/hotels/{hotel}/rooms/{id}", response: { headers: { X-Kind: room, X-Old: "1" } } }
      - { method: GET, path: "/states/{status}" }
  - name: list
    pattern: fetch
    endpoints: [{ method: GET, path: /list }]
`
  const payload = '/imnot/admin/inn/rooms/payload'
  const json = { 'content-type': 'application/json' }

  async function start() {
    const running = await startEngine({ yaml: keyed })
    const set = (query: string, body: string, headers: Record<string, string> = {}) =>
      running.admin('POST', `${payload}${query}`, { body, headers: { ...json, ...headers } })
    const room = async (path: string, headers: Record<string, string> = {}) =>
      (await running.call('GET', path, { headers })).text()
    return { ...running, set, room }
  }

  test('answer the requests with exactly these values, the closest first; the general one answers the rest', async () => {
    const { set, room } = await start()
    expect((await set('?id=R1', '"r1"')).json).toMatchObject({ status: 'ok', params: { id: 'R1' } })
    expect(await room('/hotels/H/rooms/R2')).toContain('No payload was uploaded')
    await set('', '"any"')
    await set('?hotel=H1', '"h1"')
    await set('?id=R1&hotel=H1', '"h1 r1"')
    expect(await room('/hotels/H1/rooms/R1')).toBe('"h1 r1"')
    expect(await room('/hotels/H1/rooms/R2')).toBe('"h1"')
    expect(await room('/hotels/H2/rooms/R1')).toBe('"r1"')
    expect(await room('/hotels/H2/rooms/R2')).toBe('"any"')
    await set('?id=R1&hotel=H1', '"h1 r1 again"')
    expect(await room('/hotels/H1/rooms/R1')).toBe('"h1 r1 again"')
  })

  test('of a session come before those of all, whatever they are for', async () => {
    const { set, room, admin } = await start()
    const { session_id } = (await admin('POST', '/imnot/admin/sessions')).json
    const mine = { 'x-imnot-session': session_id }
    await set('?id=R1', '"for all"')
    expect(await room('/hotels/H/rooms/R1', mine)).toBe('"for all"')
    await set('', '"mine"', mine)
    expect(await room('/hotels/H/rooms/R1', mine)).toBe('"mine"')
    await set('?id=R1', '"my r1"', mine)
    expect(await room('/hotels/H/rooms/R1', mine)).toBe('"my r1"')
    expect((await admin('GET', `/imnot/admin/sessions/${session_id}`)).json.payloads).toEqual([
      { partner: 'inn', datapoint: 'rooms' },
      { partner: 'inn', datapoint: 'rooms', params: { id: 'R1' } },
    ])
    await admin('DELETE', `/imnot/admin/sessions/${session_id}`)
    expect(await room('/hotels/H/rooms/R1')).toBe('"for all"')
  })

  test('are inspected, listed and removed one by one', async () => {
    const { set, admin } = await start()
    await set('', '1')
    await set('?id=a%2Fb%20%C3%BC', '{"n": 1.10}')
    expect((await admin('GET', `${payload}?id=a%2Fb%20%C3%BC`)).json).toMatchObject({
      params: { id: 'a/b ü' },
      bytes: 11,
    })
    const raw = await admin('GET', `${payload}/raw?param.id=a%2Fb%20%C3%BC`)
    expect(Buffer.from(raw.body).toString()).toBe('{"n": 1.10}')
    const listed = (await admin('GET', '/imnot/admin/payloads')).json
    expect(listed.map(({ params }: { params: unknown }) => params)).toEqual([undefined, { id: 'a/b ü' }])
    expect((await admin('DELETE', `${payload}?id=a%2Fb%20%C3%BC`)).json).toMatchObject({ params: { id: 'a/b ü' } })
    const gone = await admin('DELETE', `${payload}?id=a%2Fb%20%C3%BC`)
    expect([gone.status, gone.json.detail]).toEqual([404, expect.stringContaining('id=a%2Fb+%C3%BC')])
    expect((await admin('GET', payload)).status).toBe(200)
  })

  test('are for parameters that the paths have', async () => {
    const { set, room, admin } = await start()
    const detailOf = async (query: string) => (await set(query, '1')).json.detail
    expect(await detailOf('?room=1')).toBe('"room" is no parameter in the paths of rooms; they have hotel, id, status.')
    expect(await detailOf('?id=1&id=2')).toBe('"id" is given twice; a payload is for one value.')
    expect((await admin('POST', '/imnot/admin/inn/list/payload?id=1', { body: '1', headers: json })).json.detail).toBe(
      '"id" is no parameter in the paths of list; they have none.',
    )
    await set('?param.status=OPEN', '"open"')
    expect(await room('/states/OPEN')).toBe('"open"')
  })

  test('may have a status and headers of their own', async () => {
    const { set, call, admin } = await start()
    const stored = await set(
      '?id=R1&status=503&header=Retry-After:%2030&header=x-old:%20mine&header=Set-Cookie:a%3Db',
      '{}',
    )
    const kind = {
      status: 503,
      headers: [
        ['Retry-After', '30'],
        ['x-old', 'mine'],
        ['Set-Cookie', 'a=b'],
      ],
    }
    expect(stored.json).toMatchObject({ ...kind, params: { id: 'R1' } })
    expect((await admin('GET', `${payload}?id=R1`)).json).toMatchObject(kind)
    const answer = await call('GET', '/hotels/H/rooms/R1')
    const seen = ['retry-after', 'x-old', 'x-kind', 'set-cookie', 'content-type'].map((name) =>
      answer.headers.get(name),
    )
    expect([answer.status, ...seen]).toEqual([503, '30', 'mine', 'room', 'a=b', 'application/json'])
  })

  test.each([
    ['?status=99', '"status" must be a whole number from 200 to 599, found "99".'],
    ['?status=x', '"status" must be a whole number from 200 to 599, found "x".'],
    ['?header=Nothing', 'A "header" is written as NAME: VALUE, such as header=Retry-After: 30.'],
    [
      '?header=Content-Length:%203',
      'The header "Content-Length" cannot be sent: The header "Content-Length" is set by the server itself; leave it out.',
    ],
    [
      '?header=Content-Type:%20text/html',
      'The Content-Type of the upload is that of its answers; leave it out of "header".',
    ],
    ['?header=A:%20b%0D%0AC:%20d', 'A "header" is written as NAME: VALUE, such as header=Retry-After: 30.'],
  ])('%s is refused', async (query, detail) => {
    const { set } = await start()
    expect(await set(query, '{}')).toMatchObject({ status: 400, json: { detail } })
  })
})
