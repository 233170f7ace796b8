import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../src/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { startEngine } from '../support/start-engine.ts'

const endpoint = (keys: string) => `partner: slow
datapoints:
  - name: one
    pattern: static
    endpoints:
      - { method: GET, path: /one, ${keys}, response: { body: { ok: true } } }
`

async function start(keys: string) {
  const clock = manualClock()
  const running = await startEngine({ yaml: endpoint(keys), clock, storage: memoryStorage({ now: clock.now }) })
  const get = (headers: Record<string, string> = {}) => {
    const state = { status: 'waiting' as string | number, text: '' }
    const done = running.call('GET', '/one', { headers }).then(
      async (response) => {
        state.status = response.status
        state.text = await response.text().catch((error: Error) => `broken: ${error.message}`)
      },
      (error: Error & { cause?: { code?: string } }) => {
        state.status = error.cause?.code ?? error.message
      },
    )
    return Object.assign(state, { done })
  }
  const session = async () =>
    (await running.admin('POST', '/imnot/admin/sessions', { body: '{}', headers: json })).json.session_id
  const setClock = (change: object, id?: string) =>
    running.admin('POST', id === undefined ? '/imnot/admin/clock' : `/imnot/admin/sessions/${id}/clock`, {
      body: JSON.stringify(change),
      headers: json,
    })
  return { ...running, clock, get, session, setClock }
}

const json = { 'content-type': 'application/json' }

describe('delay', () => {
  test('an answer waits for it, and not longer', async () => {
    const { clock, get } = await start('delay: 200ms')
    const answer = get()
    await clock.advance(199)
    expect(answer.status).toBe('waiting')
    await clock.advance(1)
    expect(answer.status).toBe(200)
  })

  test('a range and a log-normal spread give different waits, in their bounds', async () => {
    const { clock, get } = await start('delay: { min: 100ms, max: 200ms }')
    const answers = Array.from({ length: 40 }, () => get())
    await clock.advance(99)
    expect(answers.every(({ status }) => status === 'waiting')).toBe(true)
    await clock.advance(50)
    const early = answers.filter(({ status }) => status === 200).length
    expect(early).toBeGreaterThan(0)
    expect(early).toBeLessThan(40)
    await clock.advance(51)
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })

  test('half of the log-normal delays are shorter than their median', async () => {
    const { clock, get } = await start('delay: { median: 100ms, sigma: 1 }')
    const answers = Array.from({ length: 300 }, () => get())
    await clock.advance(100)
    const early = answers.filter(({ status }) => status === 200).length
    expect(early).toBeGreaterThan(100)
    expect(early).toBeLessThan(200)
    await clock.advance(100_000)
    await Promise.all(answers.map(({ done }) => done))
  })

  test.each([['the global scope'], ['a session']])(
    'in %s an advance ends it and a frozen clock holds it',
    async (where) => {
      const { clock, get, session, setClock } = await start('delay: 1h')
      const id = where === 'a session' ? await session() : undefined
      const headers: Record<string, string> = id === undefined ? {} : { 'x-imnot-session': id }
      const advanced = get(headers)
      await clock.advance(1000)
      await setClock({ advance: '1h' }, id)
      await clock.advance(1000)
      expect(advanced.status).toBe(200)
      await setClock({ freeze: true }, id)
      await clock.advance(1000)
      const held = get(headers)
      await clock.advance(7_200_000)
      expect(held.status).toBe('waiting')
      await setClock({ advance: '1h' }, id)
      await clock.advance(1000)
      expect(held.status).toBe(200)
    },
  )

  test('a clock that is set back makes no wait longer, and the end of the session ends it', async () => {
    const { clock, get, session, setClock, admin } = await start('delay: 10s')
    const id = await session()
    await setClock({ advance: '5h' }, id)
    const one = get({ 'x-imnot-session': id })
    await clock.advance(1000)
    await setClock({ reset: true }, id)
    await clock.advance(9000)
    expect(one.status).toBe(200)
    await setClock({ freeze: true }, id)
    const two = get({ 'x-imnot-session': id })
    await clock.advance(20_000)
    expect(two.status).toBe('waiting')
    await admin('DELETE', `/imnot/admin/sessions/${id}`)
    await clock.advance(1000)
    expect(two.status).toBe(200)
  })
})

describe('fault', () => {
  test('fails in process as Fetch does on such a connection', async () => {
    const seen: Record<string, unknown> = {}
    for (const kind of ['connection_reset', 'empty_response', 'truncated_body', 'malformed_chunk']) {
      const { get } = await start(`fault: ${kind}`)
      const { status, text, done } = get()
      const answer = { status, text, done }
      await answer.done
      const again = get()
      await again.done
      seen[kind] = [again.status, again.text]
    }
    expect(seen).toEqual({
      connection_reset: ['ECONNRESET', ''],
      empty_response: ['UND_ERR_SOCKET', ''],
      truncated_body: [200, 'broken: terminated'],
      malformed_chunk: [200, 'broken: terminated'],
    })
  })

  test('a hanging answer ends with the patience of the client', async () => {
    const { engine } = await start('fault: hang')
    const controller = new AbortController()
    const asked = engine.fetch(new Request('http://127.0.0.1/one', { signal: controller.signal }))
    controller.abort(new Error('no patience'))
    await expect(asked).rejects.toThrow('no patience')
  })

  test('hits so many answers of each session, where its condition holds, and is told in the journal', async () => {
    const { get, session, admin } = await start(
      'fault: { kind: connection_reset, times: 2, when: { headers: { X-Try: "1" } } }',
    )
    const id = await session()
    const statuses = async (headers: Record<string, string>) => {
      const answer = get(headers)
      await answer.done
      return answer.status
    }
    expect(await statuses({})).toBe(200)
    expect(await statuses({ 'x-try': '1' })).toBe('ECONNRESET')
    expect(await statuses({ 'x-try': '1' })).toBe('ECONNRESET')
    expect(await statuses({ 'x-try': '1' })).toBe(200)
    expect(await statuses({ 'x-try': '1', 'x-imnot-session': id })).toBe('ECONNRESET')
    const { json } = await admin('GET', `/imnot/admin/requests?session=${id}`)
    expect(json.requests[0]).toMatchObject({ status: 200, fault: 'connection_reset' })
  })

  test('a probability hits some and not all', async () => {
    const { get } = await start('fault: { kind: empty_response, probability: 0.5 }')
    const answers = Array.from({ length: 100 }, () => get())
    await Promise.all(answers.map(({ done }) => done))
    const hit = answers.filter(({ status }) => status === 'UND_ERR_SOCKET').length
    expect(hit).toBeGreaterThan(20)
    expect(hit).toBeLessThan(80)
  })

  test('a slow body comes over its time, and at once when the clock is advanced', async () => {
    const { clock, call, setClock } = await start('fault: { slow_body: 10s }')
    const response = await call('GET', '/one')
    let text: string | null = null
    const done = response.text().then((all) => {
      text = all
    })
    await clock.advance(9000)
    expect(text).toBeNull()
    await setClock({ advance: '1h' })
    await clock.advance(1000)
    await done
    expect(text).toBe('{"ok":true}')
  })
})
