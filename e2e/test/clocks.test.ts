import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startImnot } from '../support/imnot-process.ts'
import { partnersFolder } from '../support/partners.ts'
import { type SharedStorage, sharedStorages } from '../support/storages.ts'

const partner = `partner: shop
datapoints:
${[1, 2, 3, 4, 5].map(reportAfter).join('')}`

function reportAfter(days: number): string {
  return `  - name: report-${days}
    pattern: callback
    endpoints:
      - method: POST
        path: /reports/${days}
        response: { callback_url_header: X-Url, callback_delay_seconds: ${days * 86_400} }
`
}

for (const storage of await sharedStorages()) {
  const title = storage.missing === null ? storage.name : `${storage.name} (skipped: ${storage.missing})`
  describe.skipIf(storage.missing !== null)(`a clock of two nodes on one ${title}`, () => {
    test('brings five days of callbacks with their retries in due order, each once, while time flies on one node', async () => {
      const [a, b] = await twoNodes(storage)
      const hook = await receiver()
      const session = await admin<{ session_id: string }>(a, '/sessions', {})
      const headers = { 'x-imnot-session': session.session_id }
      for (const day of [1, 2, 3, 4, 5]) await admin(a, `/shop/report-${day}/payload`, day)
      // Twelve of each day, the last day first, through both nodes.
      for (const day of [5, 4, 3, 2, 1]) {
        const owed = Array.from({ length: 12 }, (_, index) =>
          fetch(`${index % 2 === 0 ? a : b}/reports/${day}`, {
            method: 'POST',
            headers: { ...headers, 'x-url': `${hook.url}/${day}/${index}` },
          }),
        )
        expect((await Promise.all(owed)).map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 202))
      }
      expect(hook.calls).toEqual([])
      const advanced = await admin<{ applied: number; now: string }>(b, `/sessions/${session.session_id}/clock`, {
        advance: '6d',
        settle: true,
      })
      // The first attempt of each is refused, so that each comes twice.
      expect(advanced.applied).toBe(120)
      const expected = [1, 2, 3, 4, 5].flatMap((day) => Array.from({ length: 12 }, (_, index) => `/${day}/${index}`))
      expect([...hook.calls].sort()).toEqual([...expected, ...expected].sort())
      const days = hook.calls.map((path) => Number(path.split('/')[1]))
      expect(days).toEqual([...days].sort((x, y) => x - y))
      expect(Date.parse(advanced.now) - Date.now()).toBeGreaterThan(5.9 * 86_400_000)
    })

    test('is another one on the other node at once: what is owed there after an advance is due by it', async () => {
      const [a, b] = await twoNodes(storage)
      await admin(a, '/clock', { advance: '30d' })
      await fetch(`${b}/reports/1`, { method: 'POST', headers: { 'x-url': 'http://127.0.0.1:9/' } })
      const listed = await fetch(`${a}/imnot/admin/deliveries`)
      const [delivery] = (await listed.json()) as [{ next_attempt_at: string }]
      expect(Date.parse(delivery.next_attempt_at) - Date.now()).toBeGreaterThan(30.9 * 86_400_000)
    })
  })
}

async function twoNodes(storage: SharedStorage): Promise<readonly [string, string]> {
  const { url, remove } = await storage.create()
  const partners = await partnersFolder({ shop: partner })
  const nodes = await Promise.all([0, 1].map(() => startImnot({ storage: url, partners: partners.folder })))
  onTestFinished(async () => {
    await Promise.all(nodes.map((node) => node.kill()))
    await remove()
    await partners.remove()
  })
  return nodes.map((node) => node.url) as [string, string]
}

/** Refuses what comes to a path for the first time, and takes it the second time. */
async function receiver() {
  const calls: string[] = []
  const server = createServer((request, response) => {
    const isSecond = calls.includes(request.url ?? '')
    calls.push(request.url ?? '')
    request.resume().on('end', () => response.writeHead(isSecond ? 200 : 500).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { calls, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function admin<T>(url: string, path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/imnot/admin${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(answer.status).toBeLessThan(300)
  return (await answer.json()) as T
}
