import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../src/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { startEngine } from '../support/start-engine.ts'

const json = { 'content-type': 'application/json' }

async function start(response: string, more = '') {
  const clock = manualClock()
  const yaml = `partner: ai
datapoints:
  - name: chat
    pattern: static
    endpoints:
      - method: POST
        path: /chat
        ${more}
        response:
          ${response}
`
  const running = await startEngine({ yaml, clock, storage: memoryStorage({ now: clock.now }) })
  const ask = async (body: unknown = {}, headers: Record<string, string> = {}) => {
    const answer = await running.call('POST', '/chat', { body: JSON.stringify(body), headers: { ...json, ...headers } })
    const state = { answer, chunks: [] as string[], ended: false }
    const reader = answer.body?.getReader()
    const read = async () => {
      for (;;) {
        const next = await reader?.read()
        if (next === undefined || next.done) break
        state.chunks.push(new TextDecoder().decode(next.value))
      }
      state.ended = true
    }
    return Object.assign(state, { done: read(), leave: () => reader?.cancel() })
  }
  return { ...running, clock, ask }
}

describe('body_events', () => {
  test('come one after the other, with their pauses, as server-sent events', async () => {
    const { ask, clock } = await start(`body_events:
            - { comment: hello, event: start, id: "{{ request.body.id }}", retry: 3000 }
            - { for_each: word, in: "{{ request.body.words }}", pause: 100ms, data: { n: "{{ forloop.index }}", token: "{{ word }}" } }
            - { when: { body: { verbose: true } }, data: never }
            - { pause: 1s, data: "[DONE]\\nreally" }`)
    const state = await ask({ id: 'a\nb', words: ['x', '"y"'] })
    expect(Object.fromEntries(state.answer.headers)).toEqual({ 'content-type': 'text/event-stream' })
    const begin = ': hello\nevent: start\nid: a b\nretry: 3000\n\n'
    await clock.advance(99)
    expect(state.chunks).toEqual([begin])
    await clock.advance(1)
    expect(state.chunks).toEqual([begin, 'data: {"n":1,"token":"x"}\n\n'])
    await clock.advance(100)
    expect(state.chunks[2]).toBe('data: {"n":2,"token":"\\"y\\""}\n\n')
    expect(state.ended).toBe(false)
    await clock.advance(1000)
    expect(state.chunks.slice(3)).toEqual(['data: [DONE]\ndata: really\n\n'])
    expect(state.ended).toBe(true)
  })

  test('are JSON lines, or text, by the media type', async () => {
    const lines = await start(
      '{ content_type: application/x-ndjson, body_events: [ { data: { a: 1 } }, { data: b }, { data: [1] } ] }',
    )
    const state = await lines.ask()
    await state.done
    expect(state.chunks).toEqual(['{"a":1}\n', '"b"\n', '[1]\n'])
    const text = await start('{ content_type: text/plain, body_events: [ { data: one }, { data: { two: 2 } } ] }')
    const plain = await text.ask()
    await plain.done
    expect(plain.chunks).toEqual(['one', '{"two":2}'])
  })

  test("go by the session's clock, and the next request gets them anew", async () => {
    const { ask, admin, clock } = await start('body_events: [ { data: 1 }, { pause: 1h, data: 2 } ]')
    const first = await ask()
    await clock.advance(1000)
    expect(first.ended).toBe(false)
    await admin('POST', '/imnot/admin/clock', { body: '{"advance":"1h"}', headers: json })
    await clock.advance(1000)
    expect(first.chunks).toEqual(['data: 1\n\n', 'data: 2\n\n'])
    const second = await ask()
    await clock.advance(1000)
    expect(second.chunks).toEqual(['data: 1\n\n'])
  })

  test('a client that leaves ends the waiting, also on a frozen clock', async () => {
    const storage = memoryStorage()
    let reads = 0
    const clock = manualClock()
    const get: typeof storage.get = (...args) => {
      reads++
      return storage.get(...args)
    }
    const watched = { ...storage, get }
    const yaml = `partner: ai
datapoints:
  - name: chat
    pattern: static
    endpoints: [ { method: GET, path: /chat, response: { body_events: [ { data: 1 }, { pause: 1h, data: 2 } ] } } ]
`
    const { call, admin } = await startEngine({ yaml, clock, storage: watched, background: false })
    const id = (await admin('POST', '/imnot/admin/sessions', { body: '{}', headers: json })).json.session_id
    await admin('POST', `/imnot/admin/sessions/${id}/clock`, { body: '{"freeze":true}', headers: json })
    const answer = await call('GET', '/chat', { headers: { 'x-imnot-session': id } })
    const reader = answer.body?.getReader()
    await reader?.read()
    const next = reader?.read()
    await clock.advance(1000)
    const before = reads
    await clock.advance(1000)
    expect(reads).toBeGreaterThan(before)
    await reader?.cancel()
    await next
    await clock.advance(1000)
    const after = reads
    await clock.advance(10_000)
    expect(reads).toBe(after)
  })

  test('a slow body of a stream begins later, and faults cut it off', async () => {
    const { ask, clock } = await start('body_events: [ { data: 1 }, { data: 2 } ]', 'fault: { slow_body: 2s }')
    const state = await ask()
    await clock.advance(1999)
    expect(state.chunks).toEqual([])
    await clock.advance(1)
    expect(state.chunks).toEqual(['data: 1\n\n', 'data: 2\n\n'])
  })
})
