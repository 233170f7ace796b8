import { expect, test } from 'vitest'
import { memoryStorage, type Outbound } from '../../src/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { startEngine } from '../support/start-engine.ts'

const yaml = `partner: shop
datapoints:
  - name: orders
    pattern: static
    endpoints:
      - method: POST
        path: /orders
        callbacks: [{ for_each: url, in: "{{ request.body }}", url: "{{ url }}", retry: { attempts: 2, first: 1s } }]
        response: { status: 202 }
`

/** Receivers called `hang` answer nothing for 15 s, which is as long as an attempt may take; the others answer at once. */
async function start() {
  const clock = manualClock()
  const calls: { host: string; at: number }[] = []
  let hanging = 0
  let most = 0
  const outbound: Outbound = async ({ url }) => {
    const host = new URL(url).hostname
    calls.push({ host, at: clock.now() })
    if (host.startsWith('hang')) {
      hanging += 1
      most = Math.max(most, hanging)
      await clock.sleep(15_000)
      hanging -= 1
      throw new Error('no answer')
    }
    return { status: 200, retryAfter: null, body: new Uint8Array(0) }
  }
  const running = await startEngine({ yaml, storage: memoryStorage({ now: clock.now }), clock, outbound })
  const post = (urls: readonly string[]) =>
    running.call('POST', '/orders', { body: JSON.stringify(urls), headers: { 'content-type': 'application/json' } })
  /** Attempts under way end by the clock, which stands still unless it is moved. */
  async function close(): Promise<void> {
    const closing = running.engine.close()
    await clock.advance(20_000)
    await closing
  }
  return { ...running, clock, calls, post, most: () => most, close }
}

const many = (host: string, count: number) => Array.from({ length: count }, (_, index) => `http://${host}/${index}`)

test('a receiver that hangs delays no other, however much waits for it', async () => {
  const { post, clock, calls, most, close } = await start()
  await post(many('hang.test', 500))
  await clock.advance(3000)
  const begin = clock.now()
  await post(many('quick.test', 50))
  await clock.advance(1000)
  const quick = calls.filter(({ host }) => host === 'quick.test')
  expect([quick.length, quick.every(({ at }) => at - begin <= 100), most()]).toEqual([50, true, 16])
  await close()
})

test('what waits for it has lost no attempt', async () => {
  const { post, clock, admin } = await start()
  await post(many('hang.test', 40))
  await clock.advance(14_000)
  const ledger = (await admin('GET', '/imnot/admin/deliveries')).json as {
    attempts: unknown[]
    attempts_left: number
  }[]
  expect(ledger.map(({ attempts, attempts_left }) => [attempts.length, attempts_left])).toEqual(Array(40).fill([0, 2]))
  await clock.advance(300_000)
  const ended = (await admin('GET', '/imnot/admin/deliveries')).json as { attempts: unknown[]; status: string }[]
  expect(ended.map(({ attempts, status }) => `${attempts.length} ${status}`)).toEqual(Array(40).fill('2 dead'))
})

test('closing hands back what waits, so that another node sends it at once', async () => {
  const { post, clock, engine, storage } = await start()
  await post(many('hang.test', 30))
  await clock.advance(1000)
  const closing = engine.close()
  await clock.advance(0)
  const claimed = await storage.claim('deliveries', { limit: 100, leaseMs: 1000 })
  expect(claimed.records).toHaveLength(14)
  await clock.advance(20_000)
  await closing
})
