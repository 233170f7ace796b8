import { once } from 'node:events'
import { connect } from 'node:net'
import type { Engine } from '@imnot/core'
import { expect, onTestFinished, test } from 'vitest'
import { createImnot } from '../src/create-imnot.ts'
import { type ServeOptions, serve } from '../src/http/serve.ts'
import { deferred, exchange, fakeEngine, text } from './support.ts'

async function running(handle: Parameters<typeof fakeEngine>[0] = () => text(200, 'ok'), options: ServeOptions = {}) {
  const closed: string[] = []
  const engine = {
    ...fakeEngine(handle),
    endStreams() {},
    close: async () => void closed.push('engine'),
  } as unknown as Engine
  const server = await serve(engine, { port: 0, ...options })
  onTestFinished(() => server.close({ graceMs: 0 }))
  return { ...server, closed }
}

test('listens on loopback and says where', async () => {
  const { url, port } = await running()
  expect(url).toBe(`http://127.0.0.1:${port}`)
  expect(await (await fetch(`${url}/mock`)).text()).toBe('ok')
})

test('limits headers, requests and idle connections', async () => {
  const { server } = await running()
  expect(server).toMatchObject({ headersTimeout: 5000, requestTimeout: 60_000, keepAliveTimeout: 5000 })
})

test('a request that is not well-formed is a 400, too many headers are a 431, and both end the connection', async () => {
  const { port } = await running()
  expect(await exchange(port, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*\{"detail":"This is not/)
  const large = `GET /mock HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`
  expect(await exchange(port, large)).toMatch(/^HTTP\/1\.1 431 [\s\S]*\{"detail":"The headers/)
})

test('closing finishes the request under way, refuses new ones, and then closes the engine', async () => {
  const arrived = deferred()
  const answer = deferred<ReturnType<typeof text>>()
  const { url, port, close, closed } = await running(() => {
    arrived.resolve()
    return answer.promise
  })
  const silent = connect(port, '127.0.0.1')
  await once(silent, 'connect')
  const request = fetch(`${url}/mock`)
  await arrived.promise
  const closing = close()
  await once(silent, 'close')
  await expect(fetch(`${url}/mock`)).rejects.toThrow()
  expect(closed).toEqual([])
  answer.resolve(text(200, 'finished'))
  expect(await (await request).text()).toBe('finished')
  await closing
  expect(closed).toEqual(['engine'])
})

test('closing cuts off what is not finished when the grace ends', async () => {
  const arrived = deferred()
  const { url, close } = await running(() => {
    arrived.resolve()
    return new Promise(() => {})
  })
  const request = fetch(`${url}/mock`)
  await arrived.promise
  const [outcome] = await Promise.allSettled([request, close({ graceMs: 30 })])
  expect(outcome.status).toBe('rejected')
})

test('a port in use is refused with a remedy', async () => {
  const { port } = await running()
  await expect(running(undefined, { port })).rejects.toMatchObject({
    code: 'ADDRESS_IN_USE',
    message: expect.stringContaining('--port'),
  })
})

test.each(['0.0.0.0', '::', '192.0.2.1'])('listening on %s without an admin key is refused', async (host) => {
  await expect(running(undefined, { host })).rejects.toMatchObject({
    code: 'ADMIN_KEY_REQUIRED',
    message: expect.stringContaining('IMNOT_ADMIN_KEY'),
  })
  await expect(running(undefined, { host, adminKeys: [''] })).rejects.toMatchObject({ code: 'ADMIN_KEY_REQUIRED' })
})

test('an admin key, no admin API, or insecureAdmin lets it listen everywhere', async () => {
  const key = 'k'.repeat(24)
  for (const options of [{ adminKeys: [key] }, { insecureAdmin: true }]) {
    const { url, port } = await running(undefined, { host: '0.0.0.0', ...options })
    expect(url).toBe(`http://127.0.0.1:${port}`)
  }
  for (const options of [{ adminKeys: [key] }, { admin: false }]) {
    const server = await serve(await createImnot(options), { host: '0.0.0.0', port: 0 })
    await server.close()
  }
})

test('a weak admin key is refused', async () => {
  await expect(createImnot({ adminKeys: ['short'] })).rejects.toMatchObject({ code: 'ADMIN_KEY_WEAK' })
})

test('closing waits for no connection that an endpoint lets hang', async () => {
  const { port, close } = await running(() => ({ ...text(200, 'never'), fault: 'hang' }))
  const hanging = exchange(port, 'GET /mock HTTP/1.1\r\nHost: x\r\n\r\n').catch((error: Error) => error.message)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const began = performance.now()
  await close()
  expect(performance.now() - began).toBeLessThan(5000)
  expect(await hanging).not.toContain('HTTP')
})
