import { request } from 'node:http'
import { createImnot } from '@imnot/node'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mounts } from '../http/mounts.ts'

const definition = `partner: ai
datapoints:
  - name: chat
    pattern: static
    endpoints:
      - { method: POST, path: /chat, response: { body_events: [ { data: { n: 1 } }, { pause: 300ms, data: { n: 2 } }, { pause: 1h, data: never } ] } }
`

const withSocket = mounts.filter(({ name }) => !name.includes('engine') && !name.includes('Fetch'))

describe.each(withSocket)('$name', ({ path, start }) => {
  test('sends each event when it comes, and a client may leave in between', async () => {
    const imnot = await createImnot({ definitions: [definition], adminKeys: ['a-key-of-the-streams-0123456789'] })
    const mounted = await start(imnot)
    onTestFinished(async () => {
      await mounted.close()
      await imnot.close()
    })
    const options = { host: '127.0.0.1', port: mounted.port, method: 'POST', path: `${path}/chat` }
    const seen = await new Promise<{ type: string | undefined; chunks: string[]; times: number[] }>(
      (resolve, reject) => {
        const began = performance.now()
        const client = request(options, (response) => {
          const chunks: string[] = []
          const times: number[] = []
          response.on('data', (chunk) => {
            chunks.push(String(chunk))
            times.push(performance.now() - began)
            if (chunks.length < 2) return
            client.destroy()
            resolve({ type: response.headers['content-type'], chunks, times })
          })
          response.on('error', () => {})
        })
        client.on('error', reject)
        client.end()
      },
    )
    expect(seen.type).toBe('text/event-stream')
    expect(seen.chunks).toEqual(['data: {"n":1}\n\n', 'data: {"n":2}\n\n'])
    expect((seen.times[1] ?? 0) - (seen.times[0] ?? 0)).toBeGreaterThan(200)
  })
})
