import { queuePattern } from '@imnot/example-custom-pattern'
import { createImnot, type Imnot, openStorage } from '@imnot/node'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type SharedStorage, sharedStorages } from '../support/storages.ts'

const definition = `partner: shop
datapoints:
  - name: orders
    pattern: paginated
    endpoints:
      - method: GET
        path: /shops/{shop}/orders
        page: { style: cursor, size: 2, order: newest }
        response:
          body: { orders: "{{ page.items }}", next: "{{ page.next }}", previous: "{{ page.previous }}" }
`

const rooms = `partner: inn
datapoints:
  - name: rooms
    pattern: resource
    path: /hotels/{hotel}/rooms
    id: "R{seq}"
    endpoints:
      - { method: POST, path: "/hotels/{hotel}/rooms" }
      - method: GET
        path: /hotels/{hotel}/rooms
        page: { style: cursor, size: 2, order: newest, filter: { beds: { gte: query.beds } } }
        response: { body: { ids: { for_each: room, in: "{{ page.items }}", value: "{{ room.id }}" }, next: "{{ page.next }}" } }
`

const queue = `partner: queues
datapoints:
  - name: inbox
    pattern: queue
    endpoints:
      - { method: POST, path: /messages, does: put }
      - { method: POST, path: /messages/next, does: take, response: { body: { message: "{{ record.message }}" } } }
`

interface PageOfOrders {
  readonly orders: readonly { readonly id: number }[]
  readonly next: string | null
  readonly previous: string | null
}

for (const storage of await sharedStorages()) {
  const title = storage.missing === null ? storage.name : `${storage.name} (skipped: ${storage.missing})`
  describe.skipIf(storage.missing !== null)(`two nodes on one ${title}`, () => {
    test('understand each other’s cursors, forwards and backwards, in the session that they are of', async () => {
      const [one, two] = await nodes(storage)
      const session = await one.sessions.create()
      await session.payloads.set('shop', 'orders', '[{"id":1},{"id":2},{"id":3},{"id":4},{"id":5}]')
      const ask = async (node: Imnot, cursor: string | null) => {
        const query = cursor === null ? '' : `?cursor=${cursor}`
        const answer = await node.fetch(`/shops/a/orders${query}`, { headers: session.headers })
        return (await answer.json()) as PageOfOrders
      }
      const idsOf = ({ orders }: PageOfOrders) => orders.map(({ id }) => id)
      const first = await ask(one, null)
      const second = await ask(two, first.next)
      const last = await ask(one, second.next)
      expect([first, second, last].map(idsOf)).toEqual([[5, 4], [3, 2], [1]])
      expect(last.next).toBeNull()
      expect(idsOf(await ask(two, last.previous))).toEqual([3, 2])
      const outside = await two.fetch(`/shops/a/orders?cursor=${first.next}`)
      expect(outside.status).toBe(404)
      await two.payloads.set('shop', 'orders', '[]')
      expect((await two.fetch(`/shops/a/orders?cursor=${first.next}`)).status).toBe(422)
    })

    test('page the records that were made on both of them, while more come and go', async () => {
      const [one, two] = await nodes(storage)
      const make = (node: Imnot, beds: number, hotel = 'MUC') =>
        node.fetch(`/hotels/${hotel}/rooms`, {
          method: 'POST',
          body: JSON.stringify({ beds }),
          headers: { 'content-type': 'application/json' },
        })
      for (const [index, beds] of [1, 2, 3, 4].entries()) await make(index % 2 === 0 ? one : two, beds)
      await make(one, 9, 'BER')
      const ask = async (node: Imnot, query: string) => (await node.fetch(`/hotels/MUC/rooms${query}`)).json()
      const first = (await ask(one, '?beds=2')) as { readonly ids: string[]; readonly next: string }
      expect(first.ids).toEqual(['R4', 'R3'])
      await make(two, 5)
      expect(await ask(two, `?cursor=${first.next}`)).toEqual({ ids: ['R2'], next: null })
      expect(await ask(one, '')).toMatchObject({ ids: ['R5', 'R4'] })
    })

    test('keep the state of a pattern of one’s own in one piece', async () => {
      const [one, two] = await nodes(storage)
      const post = async (node: Imnot, path: string, body = {}) => {
        const headers = { 'content-type': 'application/json' }
        return node.fetch(path, { method: 'POST', body: JSON.stringify(body), headers })
      }
      const sent = Array.from({ length: 12 }, (_, index) => index)
      await Promise.all(sent.map((index) => post(index % 2 === 0 ? one : two, '/messages', { index })))
      const taken = await Promise.all(
        [...sent, 12, 13].map(async (index) => {
          const answer = await post(index % 2 === 0 ? two : one, '/messages/next')
          return answer.status === 200 ? (await answer.json()).message.index : answer.status
        }),
      )
      expect(taken.sort((a, b) => a - b)).toEqual([...sent, 404, 404])
    })

    test('answer with the payload for the values of the path as soon as one of them has taken it', async () => {
      const [one, two] = await nodes(storage)
      const params = { shop: 'b / ü' }
      const orders = async (shop: string) =>
        (await (await two.fetch(`/shops/${encodeURIComponent(shop)}/orders`)).text()).replace(/,"next".*/, '')
      await one.payloads.set('shop', 'orders', '[1.0]')
      expect([await orders('a'), await orders(params.shop)]).toEqual(['{"orders":[1.0]', '{"orders":[1.0]'])
      await one.payloads.set('shop', 'orders', '[2.50]', { params })
      expect([await orders('a'), await orders(params.shop)]).toEqual(['{"orders":[1.0]', '{"orders":[2.50]'])
      await one.payloads.set('shop', 'orders', '[3.50]', { params })
      expect(await orders(params.shop)).toBe('{"orders":[3.50]')
      await one.payloads.delete('shop', 'orders', { params })
      expect(await orders(params.shop)).toBe('{"orders":[1.0]')
    })
  })
}

async function nodes(kind: SharedStorage): Promise<[Imnot, Imnot]> {
  const { url, remove } = await kind.create()
  const open = async () => {
    const storage = await openStorage(url, { importModule: (specifier) => import(specifier) })
    const imnot = await createImnot({ definitions: [definition, rooms, queue], patterns: [queuePattern], storage })
    onTestFinished(async () => {
      await imnot.close()
      await storage.close()
    })
    return imnot
  }
  onTestFinished(remove)
  return [await open(), await open()]
}
