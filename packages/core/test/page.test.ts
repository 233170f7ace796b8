import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../src/index.ts'
import { readJsonList } from '../src/pages/json-list.ts'
import { manualClock } from './support/manual-clock.ts'
import { type StartOptions, startEngine } from './support/start-engine.ts'

const json = { 'content-type': 'application/json' }
const messages = [
  { id: 'm1', to: 'ada', at: '2024-01-01T00:00:00Z', size: 10 },
  { id: 'm2', to: 'bob', at: '2024-01-02T00:00:00Z', size: 9 },
  { id: 'm3', to: 'ada', at: '2024-01-03T00:00:00Z', size: 30 },
  { id: 'm4', to: 'cyd', at: '2024-01-04T00:00:00+02:00' },
  { id: 'm5', to: 'ada', at: '2024-01-05T00:00:00Z', size: 7 },
]

const view =
  '{ ids: { for_each: m, in: "{{ page.items }}", value: "{{ m.id }}" }, total: "{{ page.total }}", next: "{{ page.next }}", previous: "{{ page.previous }}" }'

/** An endpoint that shows a page of the items in the request's header. */
const yamlOf = (page: string, body = view, method = 'GET') => `partner: mail
datapoints:
  - name: messages
    pattern: static
    endpoints:
      - method: ${method}
        path: /messages
        page: ${page}
        response: { body: ${body} }
`

const of = 'of: "{{ request.headers.x-items | parse_json }}"'

async function start(page: string, { body = view, method = 'GET', ...options }: Options = {}) {
  const running = await startEngine({ yaml: yamlOf(`{ ${of}, ${page} }`, body, method), ...options })
  const ask = async (query = '', { items = messages as readonly unknown[], prefix = '', headers = {} } = {}) => {
    const response = await running.call('GET', `${prefix}/messages${query}`, {
      headers: { 'x-items': JSON.stringify(items), ...headers },
    })
    return { status: response.status, link: response.headers.get('link'), json: (await response.json()) as Answer }
  }
  return { ...running, ask }
}

type Options = StartOptions & { readonly body?: string; readonly method?: string }
// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Answer = any

describe('a page', () => {
  test('by offset and limit', async () => {
    const { ask } = await start('style: offset_limit, size: 2, max: 3')
    expect((await ask()).json).toEqual({ ids: ['m1', 'm2'], total: 5, next: 2, previous: null })
    expect((await ask('?offset=2')).json).toEqual({ ids: ['m3', 'm4'], total: 5, next: 4, previous: 0 })
    expect((await ask('?offset=4&limit=9')).json).toEqual({ ids: ['m5'], total: 5, next: null, previous: 1 })
    expect((await ask('?offset=0&limit=9')).json.ids).toHaveLength(3)
    expect((await ask('?offset=70')).json).toEqual({ ids: [], total: 5, next: null, previous: 68 })
  })

  test('by number, also counted from 0', async () => {
    const body =
      '{ n: "{{ page.number }}", last: "{{ page.last }}", pages: "{{ page.pages }}", next: "{{ page.next }}" }'
    const { ask } = await start('style: page_number, size: 2, first: 0, number: query.p', { body })
    expect((await ask()).json).toEqual({ n: 0, last: 2, pages: 3, next: 1 })
    expect((await ask('?p=2')).json).toEqual({ n: 2, last: 2, pages: 3, next: null })
    expect((await ask('?p=2&size=1')).json).toEqual({ n: 2, last: 4, pages: 5, next: 3 })
    expect((await ask('', { items: [] })).json).toEqual({ n: 0, last: 0, pages: 0, next: null })
  })

  test.each([
    [
      '?limit=0',
      'The page size in query.limit must be a whole number, at least 1, found "0"; correct it or leave it out.',
    ],
    [
      '?limit=x',
      'The page size in query.limit must be a whole number, at least 1, found "x"; correct it or leave it out.',
    ],
    [
      '?offset=-1',
      'The offset in query.offset must be a whole number, at least 0, found "-1"; correct it or leave it out.',
    ],
    [
      '?offset=1.5',
      'The offset in query.offset must be a whole number, at least 0, found "1.5"; correct it or leave it out.',
    ],
    [
      '?offset=1&offset=2',
      'The offset in query.offset must be a whole number, at least 0, found ["1","2"]; correct it or leave it out.',
    ],
  ])('is refused for %s', async (query, detail) => {
    const { ask } = await start('style: offset_limit')
    expect(await ask(query)).toMatchObject({ status: 422, json: { detail } })
  })

  test('is never an error of the server, whatever stands where its parameters are', async () => {
    const page =
      '{ of: "{{ request.body.items }}", style: cursor, limit: body.n, cursor: body.c, order: { by: body.o, direction: "{{ request.body.d }}" }, filter: { a: { matches: body.m, gte: body.g, in: body.i, contains: body.k } } }'
    const { call } = await startEngine({ yaml: yamlOf(page, view, 'POST') })
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('(', {}, [[]], { toString: 1 }, { __proto__: null }, -0, 1e308),
    )
    const body = fc.dictionary(fc.constantFrom(...'items n c o d m g i k'.split(' ')), odd)
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const { status } = await call('POST', '/messages', { body: JSON.stringify(sent), headers: json })
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 300 },
    )
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const nested = await call('POST', '/messages', { body: 'items[a]=1&o[b]=2&d[c]=3&c[d]=4&n=1', headers: form })
    expect(nested.status).toBe(422)
  })

  test('takes its parameters from the body and from headers', async () => {
    const yaml = yamlOf(
      '{ of: "{{ request.body.items }}", style: cursor, limit: body.page.size, cursor: headers.X-After, cursors: id }',
      view,
      'POST',
    )
    const { call } = await startEngine({ yaml })
    const body = JSON.stringify({ items: messages, page: { size: 2 } })
    const answer = await call('POST', '/messages', { body, headers: { ...json, 'X-After': 'm2' } })
    expect(await answer.json()).toEqual({ ids: ['m3', 'm4'], total: 5, next: 'm4', previous: null })
  })

  test('tells its first and last id, its place and whether others lie around it', async () => {
    const body =
      '{ first: "{{ page.first_id }}", last: "{{ page.last_id }}", count: "{{ page.count }}", offset: "{{ page.offset }}", limit: "{{ page.limit }}", more: "{{ page.has_more }}", before: "{{ page.has_previous }}" }'
    const { ask } = await start('style: offset_limit', { body })
    const seen = { first: 'm4', last: 'm5', count: 2, offset: 3, limit: 4, more: false, before: true }
    expect((await ask('?offset=3&limit=4')).json).toEqual(seen)
    expect((await ask('', { items: [] })).json).toMatchObject({ first: null, last: null, count: 0, more: false })
  })
})

describe('filter and order', () => {
  const filter =
    'style: offset_limit, filter: { to: query.To, at: { gte: query.since, lt: query.until }, id: { in: query.ids }, size: { gt: 0 } }'

  test.each([
    ['', ['m1', 'm2', 'm3', 'm5']],
    ['?To=ada', ['m1', 'm3', 'm5']],
    ['?To=', ['m1', 'm2', 'm3', 'm5']],
    ['?To=ada&To=bob', ['m1', 'm2', 'm3', 'm5']],
    ['?since=2024-01-02T00:00:00Z', ['m2', 'm3', 'm5']],
    ['?since=2024-01-02T00:00:00Z&until=2024-01-03T00:00:00Z', ['m2']],
    ['?ids=m5,m1', ['m1', 'm5']],
    ['?To=nobody', []],
  ])('%s', async (query, ids) => {
    const { ask } = await start(filter)
    expect((await ask(query)).json).toMatchObject({ ids, total: ids.length })
  })

  test.each([
    ['newest', '', ['m5', 'm4', 'm3', 'm2', 'm1']],
    ['oldest', '', ['m1', 'm2', 'm3', 'm4', 'm5']],
    ['size', '', ['m5', 'm2', 'm1', 'm3', 'm4']],
    ['-size', '', ['m3', 'm1', 'm2', 'm5', 'm4']],
    ['to,-at', '', ['m5', 'm3', 'm1', 'm2', 'm4']],
    ['query.sort', '?sort=-at', ['m5', 'm4', 'm3', 'm2', 'm1']],
    ['query.sort', '', ['m1', 'm2', 'm3', 'm4', 'm5']],
    ['{ by: query.by, direction: "{{ request.query.dir }}" }', '?by=size&dir=desc', ['m3', 'm1', 'm2', 'm5', 'm4']],
    ['{ by: size, direction: desc }', '', ['m3', 'm1', 'm2', 'm5', 'm4']],
  ])('order: %s %s', async (order, query, ids) => {
    const { ask } = await start(
      `style: offset_limit, order: ${order.startsWith('-') ? `"${order}"` : order.includes(',') && !order.startsWith('{') ? `"${order}"` : order}`,
    )
    expect((await ask(query)).json.ids).toEqual(ids)
  })
})

describe('cursors', () => {
  test('lead through the list and back, on every node and after a restart', async () => {
    const storage = memoryStorage()
    const one = await start('style: cursor, size: 2', { storage })
    const two = await start('style: cursor, size: 2', { storage })
    const first = (await one.ask()).json
    const second = (await two.ask(`?cursor=${first.next}`)).json
    const third = (await one.ask(`?cursor=${second.next}`)).json
    expect([first.ids, second.ids, third.ids]).toEqual([['m1', 'm2'], ['m3', 'm4'], ['m5']])
    expect([first.previous, third.next]).toEqual([null, null])
    const back = (await two.ask(`?cursor=${third.previous}`)).json
    expect(back.ids).toEqual(['m3', 'm4'])
    expect((await one.ask(`?cursor=${back.previous}`)).json.ids).toEqual(['m1', 'm2'])
  })

  test('stay at their item while the list changes', async () => {
    const { ask } = await start('style: cursor, size: 2, order: newest')
    const { next } = (await ask()).json
    const grown = [...messages, { id: 'm6' }, { id: 'm7' }]
    expect((await ask(`?cursor=${next}`, { items: grown })).json.ids).toEqual(['m3', 'm2'])
    const without = messages.filter(({ id }) => id !== 'm4')
    expect((await ask(`?cursor=${next}`, { items: without })).json.ids).toEqual(['m3', 'm2'])
  })

  test('carry on what the first request asked for', async () => {
    const { ask } = await start('style: cursor, order: query.sort, filter: { to: query.to }')
    const { next } = (await ask('?to=ada&limit=1&sort=-size')).json
    expect((await ask(`?cursor=${next}`)).json).toMatchObject({ ids: ['m1'], total: 3 })
    expect((await ask(`?cursor=${next}&limit=2`)).json).toMatchObject({ ids: ['m1', 'm5'], total: 3, next: null })
  })

  test('go through lists whose items have no ids', async () => {
    const { ask } = await start('style: cursor, size: 2', {
      body: '{ items: "{{ page.items }}", next: "{{ page.next }}" }',
    })
    const items = [1, 2, 3]
    const { next } = (await ask('', { items })).json
    expect((await ask(`?cursor=${next}`, { items })).json).toEqual({ items: [3], next: null })
  })

  test('that were changed, made up, too old or of another session are refused', async () => {
    const clock = manualClock()
    const { ask, admin } = await start('style: cursor, size: 1, ttl: 1m', {
      clock,
      storage: memoryStorage({ now: clock.now }),
    })
    const { next } = (await ask()).json
    const { session_id } = (await admin('POST', '/imnot/admin/sessions')).json
    for (const cursor of [`${next}x`, next.slice(0, -1), 'x', 'e30.', next.replace('.', '..')]) {
      expect(await ask(`?cursor=${cursor}`)).toMatchObject({
        status: 422,
        json: { detail: expect.stringContaining('begin again') },
      })
    }
    expect((await ask(`?cursor=${next}`, { headers: { 'x-imnot-session': session_id } })).status).toBe(422)
    expect((await ask(`?cursor=${next}`)).json.ids).toEqual(['m2'])
    await clock.advance(60_000)
    expect((await ask(`?cursor=${next}`)).status).toBe(422)
  })

  test('may be the id of the last item, and of the first one backwards', async () => {
    const { ask } = await start(
      'style: cursor, cursors: id, cursor: query.starting_after, before: query.ending_before, size: 2',
    )
    expect((await ask('?starting_after=m2')).json).toEqual({ ids: ['m3', 'm4'], total: 5, next: 'm4', previous: 'm3' })
    expect((await ask('?ending_before=m4')).json).toEqual({ ids: ['m2', 'm3'], total: 5, next: 'm3', previous: 'm2' })
    expect((await ask('?ending_before=m2')).json).toEqual({ ids: ['m1'], total: 5, next: 'm1', previous: null })
    expect(await ask('?starting_after=zz')).toMatchObject({
      status: 422,
      json: { detail: 'No item of this list has the id "zz"; begin again without a cursor.' },
    })
    expect((await ask('?starting_after=m1&ending_before=m2')).status).toBe(422)
  })

  test('may go back in a parameter of their own', async () => {
    const { ask } = await start('style: cursor, cursor: query.after, before: query.before, size: 2')
    const first = (await ask()).json
    const second = (await ask(`?after=${first.next}`)).json
    expect((await ask(`?before=${second.previous}`)).json.ids).toEqual(['m1', 'm2'])
    expect((await ask(`?after=${second.previous}`)).json.ids).toEqual(['m4', 'm5'])
    expect((await ask(`?before=${second.next}`)).json.ids).toEqual(['m2', 'm3'])
  })
})

describe('links', () => {
  const body =
    '{ next: "{{ page.next_url }}", path: "{{ page.next_path }}", previous: "{{ page.previous_path }}", first: "{{ page.first_url }}", last: "{{ page.last_url }}" }'

  test('keep the other parameters as they were sent, and the prefix of the session', async () => {
    const { ask, admin } = await start('style: next_url, size: 2', { body })
    const { session_id } = (await admin('POST', '/imnot/admin/sessions')).json
    const prefix = `/imnot/s/${session_id}`
    const base = `http://127.0.0.1${prefix}/messages`
    expect((await ask('?q=a%20b&page=2&z=%2F', { prefix })).json).toEqual({
      next: `${base}?q=a%20b&page=3&z=%2F`,
      path: `${prefix}/messages?q=a%20b&page=3&z=%2F`,
      previous: `${prefix}/messages?q=a%20b&page=1&z=%2F`,
      first: `${base}?q=a%20b&page=1&z=%2F`,
      last: `${base}?q=a%20b&page=3&z=%2F`,
    })
  })

  test('of link_header are sent as a header', async () => {
    const { ask } = await start('style: link_header, size: 2', { body: '"{{ page.items }}"' })
    const at = (page: number) => `http://127.0.0.1/messages?page=${page}`
    const answer = await ask('?page=2')
    expect(answer.json).toEqual(messages.slice(2, 4))
    expect(answer.link).toBe(
      `<${at(1)}>; rel="prev", <${at(3)}>; rel="next", <${at(1)}>; rel="first", <${at(3)}>; rel="last"`,
    )
    const { link } = await ask('?per_page=9')
    expect(link).toBe(
      '<http://127.0.0.1/messages?per_page=9&page=1>; rel="first", <http://127.0.0.1/messages?per_page=9&page=1>; rel="last"',
    )
  })

  test('hold whatever ids and parameters there are', async () => {
    const { call } = await start('style: link_header, cursor: query.after, cursors: id, size: 1', { body: '{}' })
    const headers = { 'x-items': JSON.stringify([{ id: 'a&b=c>\ud800' }, { id: 2 }]).replaceAll('>', '\\u003e') }
    const answer = await call('GET', '/messages?q=<x>"', { headers })
    const next = '?q=%3Cx%3E%22&after=a%26b%3Dc%3E%EF%BF%BD'
    expect(answer.headers.get('link')).toContain(`<http://127.0.0.1/messages${next}>; rel="next"`)
  })

  test('of link_header with a cursor lead there and back', async () => {
    const { ask, call } = await start('style: link_header, cursor: query.id_after, cursors: id, size: 2', {
      body: '"{{ page.items }}"',
    })
    const { link } = await ask('?id_after=m1&order=asc')
    expect(link).toBe(
      '<http://127.0.0.1/messages?id_after=m3&order=asc>; rel="next", <http://127.0.0.1/messages?order=asc>; rel="first"',
    )
    const response = await call('GET', '/messages?id_after=m3&order=asc', {
      headers: { 'x-items': JSON.stringify(messages) },
    })
    expect(response.headers.get('link')).toBe('<http://127.0.0.1/messages?order=asc>; rel="first"')
  })
})

describe('pages of an upload', () => {
  const upload =
    '{ "total" : 1e2, "data":{"rows": [ {"id":1, "p": 1.10} ,{"id":2,"p":2.0} , {"id":3,"p":3.00}  ] },"data2":[] }'
  const paged = (page: string, response = '') =>
    `partner: shop\ndatapoints: [{ name: rows, pattern: paginated, endpoints: [{ method: GET, path: /rows, page: { ${page} } ${response} }] }]\n`

  async function startUpload(yaml: string, body = upload) {
    const running = await startEngine({ yaml })
    await running.admin('POST', '/imnot/admin/shop/rows/payload', { body, headers: json })
    return { ...running, text: async (query = '') => (await running.call('GET', `/rows${query}`)).text() }
  }

  test('are the upload with nothing but its array cut', async () => {
    const { text } = await startUpload(paged('style: offset_limit, of: payload.data.rows'))
    expect(await text('?limit=2&offset=1')).toBe(
      '{ "total" : 1e2, "data":{"rows": [ {"id":2,"p":2.0} , {"id":3,"p":3.00}  ] },"data2":[] }',
    )
    expect(await text('?offset=9')).toBe('{ "total" : 1e2, "data":{"rows": [] },"data2":[] }')
    expect(await text()).toBe(upload)
  })

  test('keep the bytes of the items inside a declared body', async () => {
    const body =
      ', response: { body: { rows: "{{ page.items }}", one: { for_each: r, in: "{{ page.items }}", value: { r: "{{ r }}" } }, all: "{{ page.total }}" } }'
    const { text } = await startUpload(
      paged('style: offset_limit, order: newest, of: payload.data.rows, filter: { p: { lt: query.below } }', body),
    )
    expect(await text('?limit=2&below=3')).toBe(
      '{"rows":[{"id":2,"p":2.0},{"id":1, "p": 1.10}],"one":[{"r":{"id":2,"p":2.0}},{"r":{"id":1, "p": 1.10}}],"all":2}',
    )
    const inText = await startUpload(
      paged(
        'style: offset_limit, of: payload.data.rows',
        `, response: { body: '[{{ page.items }},"{{ page.total }}"]' }`,
      ),
    )
    expect(await inText.text('?limit=1')).toBe('[[{"id":1, "p": 1.10}],"3"]')
  })

  test('say what the upload must be', async () => {
    const { text } = await startUpload(paged('style: offset_limit, of: payload.data'))
    expect(await text()).toContain('The payload must be JSON with an array at data, since this endpoint pages it')
    const { call } = await startEngine({ yaml: paged('style: offset_limit') })
    const refused = await call('GET', '/rows')
    expect([refused.status, await refused.text()]).toEqual([404, expect.stringContaining('No payload was uploaded')])
  })

  test('are refused or empty, and never an error of the server, where a verbatim upload is no JSON', async () => {
    const yaml = paged('style: offset_limit, of: payload.rows', ', response: { body: "{{ page.items | size }}" }')
    const { call, admin } = await startEngine({ yaml })
    const broken = [
      '{"rows":[{"a":]}',
      '{"rows":[1,2',
      '{"ro\\x":1,"rows":[x,y]}',
      '{rows:[1]}',
      '',
      '[',
      '{"rows"',
      '\u0000',
    ]
    for (const body of broken) {
      await admin('POST', '/imnot/admin/shop/rows/payload?verbatim=true', { body, headers: json })
      const { status } = await call('GET', '/rows')
      expect([body, status < 500]).toEqual([body, true])
    }
  })

  test('work in a step of a flow, where what refuses the step comes first', async () => {
    const yaml = `partner: shop
datapoints:
  - name: rows
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /jobs, response: { generates_id: true, id_body_field: id } }
      - { step: 2, method: GET, path: "/jobs/{id}/rows", page: { style: offset_limit, of: payload.data.rows }, response: { returns_payload: true } }
`
    const { call, admin } = await startEngine({ yaml })
    const { id } = (await (await call('POST', '/jobs')).json()) as { id: string }
    expect(await (await call('GET', '/jobs/none/rows?limit=x')).text()).toContain('No flow of shop/rows')
    await admin('POST', '/imnot/admin/shop/rows/payload', { body: upload, headers: json })
    expect(await (await call('GET', `/jobs/${id}/rows?limit=1&offset=2`)).text()).toBe(
      '{ "total" : 1e2, "data":{"rows": [ {"id":3,"p":3.00}  ] },"data2":[] }',
    )
    expect((await call('GET', `/jobs/${id}/rows?limit=x`)).status).toBe(422)
    expect((await admin('GET', `/imnot/admin/flows/${id}`)).json).toMatchObject({ polls: 1 })
  })

  test('of bytes that are no JSON end, whatever they are', () => {
    const pieces = fc.array(fc.constantFrom('[', ']', '{', '}', ',', ':', '"', '\\\\', 'a', '1', ' ', '"rows"'), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(pieces, (parts) => {
        const list = readJsonList(new TextEncoder().encode(parts.join('')), ['rows'])
        expect(list === null || list.length <= parts.length).toBe(true)
        list?.cut?.([0])
        list?.take([0])
      }),
      { numRuns: 5000 },
    )
  })

  test('any JSON document keeps every byte outside the items that are left out', () => {
    const member = fc.constantFrom('a', 'rows', 'x"y')
    fc.assert(
      fc.property(
        fc.array(fc.json(), { maxLength: 6 }),
        fc.json(),
        member,
        fc.nat(6),
        fc.nat(6),
        (items, other, name, start, count) => {
          const before = `{${JSON.stringify(name)}: ${other},\n"rows" : [ `
          const after = ' ]  , "z":1}'
          const text = `${before}${items.join(' , ')}${after}`
          const list = readJsonList(new TextEncoder().encode(text), ['rows'])
          const indices = items.map((_, index) => index).slice(start, start + count)
          const cut = new TextDecoder().decode(list?.cut?.(indices))
          const kept = indices.map((index) => items[index]).join(' , ')
          expect(list?.length).toBe(items.length)
          expect(cut).toBe(
            indices.length === 0 && items.length > 0
              ? `${before.trimEnd()}${after.trimStart()}`
              : `${before}${kept}${after}`,
          )
        },
      ),
      { numRuns: 500 },
    )
  })
})

test('the style of all lists of a partner may be said once', async () => {
  const yaml = `partner: mail
defaults: { page: { style: page_number, number: query.p, limit: query.n, size: 2 } }
datapoints:
  - name: things
    pattern: static
    endpoints:
      - { method: GET, path: /a, page: { of: "{{ request.query.a | split: ',' }}" }, response: { body: "{{ page.items }}" } }
      - { method: GET, path: /b, page: { of: "{{ request.query.a | split: ',' }}", size: 1 }, response: { body: "{{ page.items }}" } }
      - { method: GET, path: /c, response: { body: "{{ request.query.n }}" } }
  - { name: notes, pattern: resource, path: /notes, id: sequence }
`
  const { call } = await startEngine({ yaml })
  const read = async (path: string) => (await call('GET', path)).json()
  expect([await read('/a?a=1,2,3&p=2'), await read('/b?a=1,2,3&p=2')]).toEqual([['3'], ['2']])
  expect(await (await call('GET', '/c?n=x')).text()).toBe('x')
  for (const text of ['a', 'b', 'c']) {
    expect((await call('POST', '/notes?n=x', { body: `{"text":"${text}"}`, headers: json })).status).toBe(201)
  }
  expect(await read('/notes?p=2')).toEqual([{ id: 3, text: 'c' }])
})

test('fields of `pagination` may be nested', async () => {
  const yaml =
    'partner: shop\ndatapoints: [{ name: rows, pattern: paginated, pagination: { style: cursor, items_field: data.rows, total_field: meta.page.total, cursor_field: meta.next }, endpoints: [{ method: GET, path: /rows }] }]\n'
  const { call, admin } = await startEngine({ yaml })
  await admin('POST', '/imnot/admin/shop/rows/payload', { body: '[1.0,2.50]', headers: json })
  const text = await (await call('GET', '/rows?limit=1')).text()
  expect(text).toMatch(/^\{"data":\{"rows":\[1\.0\]\},"meta":\{"next":"[^"]+","page":\{"total":2\}\}\}$/)
})
