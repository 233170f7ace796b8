import { connect } from 'node:net'
import { createImnot } from '@imnot/node'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mounts } from '../http/mounts.ts'

const kinds = ['connection_reset', 'empty_response', 'truncated_body', 'malformed_chunk', 'hang'] as const
const definition = `partner: flaky
datapoints:
  - name: all
    pattern: static
    endpoints:
${kinds.map((kind) => `      - { method: [GET, POST], path: /${kind}, fault: ${kind}, response: { body: { n: 1234567 } } }`).join('\n')}
      - { method: GET, path: /slow, fault: { slow_body: 400ms }, response: { body: { n: 1234567 } } }
      - { method: GET, path: /well, response: { body: { n: 1 } } }
`

interface Seen {
  readonly text: string
  /** How the connection ended: by the server, with a reset, or not within the time. */
  readonly end: 'closed' | 'reset' | 'open'
}

/** What a client sees on its socket. */
function ask(port: number, request: string, waitMs: number): Promise<Seen> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    let text = ''
    const done = (end: Seen['end']) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ text, end })
    }
    const timer = setTimeout(() => done('open'), waitMs)
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('end', () => done('closed'))
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code === 'ECONNRESET' ? 'reset' : 'open'))
  })
}

const withSocket = mounts.filter(({ name }) => !name.includes('engine') && !name.includes('Fetch'))

describe.each(withSocket)('$name', ({ path, start }) => {
  async function started() {
    const imnot = await createImnot({ definitions: [definition], adminKeys: ['a-key-of-the-faults-0123456789'] })
    const mounted = await start(imnot)
    onTestFinished(async () => {
      await mounted.close()
      await imnot.close()
    })
    const port = mounted.port ?? 0
    return (name: string, method = 'GET', waitMs = 5000) => {
      const body = method === 'POST' ? 'x'.repeat(70_000) : ''
      const length = method === 'POST' ? `content-type: text/plain\r\ncontent-length: ${body.length}\r\n` : ''
      return ask(port, `${method} ${path}/${name} HTTP/1.1\r\nhost: a\r\n${length}\r\n${body}`, waitMs)
    }
  }

  test.each(['GET', 'POST'])('breaks the connection of a %s as the endpoint declares it', async (method) => {
    const get = await started()
    expect(await get('connection_reset', method)).toEqual({ text: '', end: 'reset' })
    expect(await get('empty_response', method)).toEqual({ text: '', end: 'closed' })
    const truncated = await get('truncated_body', method)
    expect(truncated.end).toBe('closed')
    expect(truncated.text).toMatch(/^HTTP\/1\.1 200 [\s\S]*content-length: 13\r\n/)
    expect(truncated.text).toMatch(/\r\n\r\n\{"n":1$/)
    const malformed = await get('malformed_chunk', method)
    expect(malformed.end).toBe('closed')
    expect(malformed.text).toMatch(/^HTTP\/1\.1 200 [\s\S]*transfer-encoding: chunked\r\n/i)
    expect(malformed.text).toMatch(/\r\n\r\n6\r\n\{"n":1\r\nthis is no chunk\r\n$/)
    expect(malformed.text).not.toMatch(/content-length/i)
    expect(await get('hang', method, 300)).toEqual({ text: '', end: 'open' })
  })

  test('sends a slow body whole, over its time, and serves on', async () => {
    const get = await started()
    const began = performance.now()
    const { text } = await get('slow', 'GET', 700)
    expect(text).toMatch(/\r\n\r\n\{"n":1234567\}$/)
    expect(performance.now() - began).toBeGreaterThan(390)
    expect((await get('well', 'GET', 200)).text).toMatch(/\{"n":1\}$/)
  })
})
