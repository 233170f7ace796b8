import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../src/index.ts'
import { findArrayItems } from '../src/pages/array-items.ts'
import { manualClock } from './support/manual-clock.ts'
import { type StartOptions, startEngine } from './support/start-engine.ts'

const endpoint = 'endpoints: [{ method: GET, path: /items }]'
const yamlOf = (pagination: string) =>
  `partner: shop\ndatapoints: [{ name: items, pattern: paginated, ${endpoint}, pagination: ${pagination} }]\n`

async function start(
  pagination: string,
  items = '[{"id":1},{"id":2},{"id":3},{"id":4},{"id":5}]',
  options: StartOptions = {},
) {
  const running = await startEngine({ yaml: yamlOf(pagination), ...options })
  await running.admin('POST', '/imnot/admin/shop/items/payload', {
    body: items,
    headers: { 'content-type': 'application/json' },
  })
  return {
    ...running,
    page: async (query: string) => (await (await running.call('GET', `/items${query}`)).json()) as { next: string },
  }
}

describe('offset_limit', () => {
  const pagination =
    '{ style: offset_limit, items_field: results, total_field: total, has_more_field: hasMore, next_offset_field: next, offset_echo_field: offset, limit_echo_field: limit }'

  test.each([
    ['?offset=0&limit=2', [1, 2], true, 2, 0, 2],
    ['?offset=4&limit=2', [5], false, null, 4, 2],
    ['?offset=9&limit=2', [], false, null, 9, 2],
    ['?offset=-3&limit=0', [1, 2, 3, 4, 5], false, null, 0, 50],
    ['?offset=x&limit=y', [1, 2, 3, 4, 5], false, null, 0, 50],
    ['', [1, 2, 3, 4, 5], false, null, 0, 50],
  ])('%s', async (query, ids, hasMore, next, offset, limit) => {
    const { page } = await start(pagination)
    expect(await page(query)).toEqual({ results: ids.map((id) => ({ id })), total: 5, hasMore, next, offset, limit })
  })
})

test('page_number counts from 1 and takes its parameters by the declared names', async () => {
  const { page } = await start(
    '{ style: page_number, items_field: data, has_more_field: more, page_param: p, size_param: n, default_limit: 2 }',
  )
  expect(await page('?p=2')).toEqual({ data: [{ id: 3 }, { id: 4 }], more: true })
  expect(await page('?p=2&n=4')).toEqual({ data: [{ id: 5 }], more: false })
  expect(await page('?p=0&n=1')).toEqual({ data: [{ id: 1 }], more: true })
})

describe('cursor', () => {
  const pagination =
    '{ style: cursor, items_field: data, cursor_field: next, total_field: total, cursor_ttl_seconds: 60 }'

  test('leads through the whole list, also after a restart and on another node', async () => {
    const storage = memoryStorage()
    const first = await start(pagination, undefined, { storage })
    const one = await first.page('?limit=2')
    const second = await startEngine({ yaml: yamlOf(pagination), storage })
    const two = (await (await second.call('GET', `/items?limit=2&cursor=${one.next}`)).json()) as {
      data: unknown
      next: string
    }
    expect(two.data).toEqual([{ id: 3 }, { id: 4 }])
    expect(await first.page(`?limit=2&cursor=${two.next}`)).toEqual({ data: [{ id: 5 }], next: null, total: 5 })
  })

  test('is refused when it was changed, made up, too old, or of another session', async () => {
    const clock = manualClock()
    const { page, call, admin } = await start(pagination, undefined, {
      clock,
      storage: memoryStorage({ now: clock.now }),
    })
    const { next } = await page('?limit=1')
    const { session_id } = (await admin('POST', '/imnot/admin/sessions')).json
    const foreign = await call('GET', `/items?cursor=${next}`, { headers: { 'x-imnot-session': session_id } })
    expect(foreign.status).toBe(400)
    for (const cursor of [`${next}x`, next.slice(0, -1), `.${next}`, 'x', 'e30.', next.replace('.', '..')]) {
      expect([cursor, (await call('GET', `/items?cursor=${cursor}`)).status]).toEqual([cursor, 400])
    }
    expect((await call('GET', `/items?cursor=${next}`)).status).toBe(200)
    await clock.advance(60_000)
    const old = await call('GET', `/items?cursor=${next}`)
    expect([old.status, await old.text()]).toEqual([400, expect.stringContaining('Cursor expired or not found')])
  })
})

test('the items of a page are the bytes of the upload', async () => {
  const { call } = await start(
    '{ style: offset_limit, items_field: items }',
    ' [ {"a" : 1.10,"a":2} ,1e400, "x]\\",y" ,[ ] , null] ',
  )
  expect(await (await call('GET', '/items?offset=0&limit=3')).text()).toBe(
    '{"items":[{"a" : 1.10,"a":2},1e400,"x]\\",y"]}',
  )
  expect(await (await call('GET', '/items?offset=3')).text()).toBe('{"items":[[ ],null]}')
})

test('a payload that is no array is a 422 that says so', async () => {
  const { call } = await start('{ style: offset_limit, items_field: items }', '{"items":[]}')
  const refused = await call('GET', '/items')
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('Payload must be a JSON array')])
})

test('the items of any JSON array are found where they lie', () => {
  const spaced = fc.constantFrom('', ' ', '\n', '\t ', '\r\n')
  fc.assert(
    fc.property(
      fc.array(fc.json(), { maxLength: 8 }),
      fc.array(spaced, { minLength: 20, maxLength: 20 }),
      (items, space) => {
        const inner = items.map((item, index) => `${space[index]}${item}${space[index + 9]}`).join(',')
        const bytes = new TextEncoder().encode(`${space[18]}[${inner}]${space[19]}`)
        const found = findArrayItems(bytes)?.map(([start, end]) => new TextDecoder().decode(bytes.subarray(start, end)))
        expect(found).toEqual(items)
      },
    ),
    { numRuns: 500 },
  )
})
