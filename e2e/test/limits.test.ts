import { describe, expect, test } from 'vitest'
import { nodesInProcess } from '../support/nodes-in-process.ts'
import { sharedStorages } from '../support/storages.ts'

const definition = `partner: shop
datapoints:
  - name: search
    pattern: static
    endpoints:
      - { method: GET, path: /search, rate_limit: { limit: 20, per: 1h }, response: { body: { ok: true } } }
      - { method: GET, path: /flaky, fault: { kind: connection_reset, times: 3 }, response: { body: { ok: true } } }
      - { method: GET, path: /late, delay: 1h, response: { body: { ok: true } } }
`

describe.each(await sharedStorages())('$name', (storage) => {
  test.skipIf(storage.missing !== null)('two nodes count the requests of a window together', async () => {
    const nodes = await nodesInProcess(storage, 2, [definition])
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => fetch(`${nodes[index % 2]?.url}/search`)),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(20)
    expect(statuses.filter((status) => status === 429)).toHaveLength(30)
    // What the last one that was answered was told.
    const left = answers
      .filter(({ status }) => status === 200)
      .map(({ headers }) => Number(headers.get('ratelimit-remaining')))
    expect([...left].sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, index) => index))
  })

  test.skipIf(storage.missing !== null)('two nodes break so many answers together, of each session', async () => {
    const nodes = await nodesInProcess(storage, 2, [definition])
    const session = await nodes[0]?.imnot.sessions.create()
    for (const headers of [{}, { 'x-imnot-session': session?.id ?? '' }]) {
      const asked = Array.from({ length: 10 }, (_, index) =>
        fetch(`${nodes[index % 2]?.url}/flaky`, { headers: headers as Record<string, string> }).then(
          ({ status }) => status,
          (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.message,
        ),
      )
      const seen = await Promise.all(asked)
      expect(seen.filter((one) => one === 200)).toHaveLength(7)
      expect(seen.filter((one) => one === 'ECONNRESET')).toHaveLength(3)
    }
  })

  test.skipIf(storage.missing !== null)('an advance on one node ends what waits on the other', async () => {
    const nodes = await nodesInProcess(storage, 2, [definition])
    const session = await nodes[0]?.imnot.sessions.create()
    const headers = { 'x-imnot-session': session?.id ?? '' }
    const waiting = fetch(`${nodes[1]?.url}/late`, { headers })
    const globally = fetch(`${nodes[1]?.url}/late`)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await session?.clock.advance('2h')
    expect((await waiting).status).toBe(200)
    await nodes[0]?.imnot.clock.advance('2h')
    expect((await globally).status).toBe(200)
  })
})
