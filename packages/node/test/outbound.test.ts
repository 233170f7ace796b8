import { expect, onTestFinished, test } from 'vitest'
import { createOutbound, type OutboundOptions, type ResolveName } from '../src/outbound/outbound.ts'
import { deferred, listening } from './support.ts'

function outbound(options: Partial<OutboundOptions> = {}) {
  const calls = createOutbound({ allowLocal: true, ...options })
  onTestFinished(() => calls.close())
  return calls.send
}

const post = (url: string, body = '{}', headers: string[] = []) => ({
  method: 'POST',
  url,
  headers: ['content-type', 'application/json', ...headers],
  body: Buffer.from(body),
})

const toLoopback: ResolveName = async () => [{ address: '127.0.0.1', family: 4 }]

test('a call brings method, headers and body, and returns status, Retry-After and body', async () => {
  const { url } = await listening(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    response.writeHead(503, { 'retry-after': '7' })
    response.end(`${request.method} ${request.headers['content-type']} ${request.headers['x-a']} ${body}`)
  })
  const answer = await outbound()(
    post(`${url}/hook`, '{"a":1}', ['x-a', 'b', 'connection', 'close', 'content-length', '99']),
  )
  expect(answer).toMatchObject({ status: 503, retryAfter: '7' })
  expect(String(Buffer.from(answer.body))).toBe('POST application/json b {"a":1}')
})

test('a redirect is an answer and is not followed', async () => {
  const paths: (string | undefined)[] = []
  const { url } = await listening((request, response) => {
    paths.push(request.url)
    response.writeHead(302, { location: '/elsewhere' }).end()
  })
  expect(await outbound()(post(`${url}/hook`))).toMatchObject({ status: 302 })
  expect(paths).toEqual(['/hook'])
})

test('of a long answer 64 KiB are kept and its connection is closed', async () => {
  const closed = deferred()
  const { url } = await listening((_request, response) => {
    response.on('close', closed.resolve)
    const write = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
    }
    response.on('drain', write)
    write()
  })
  const { status, body } = await outbound()(post(url))
  expect({ status, length: body.byteLength }).toEqual({ status: 200, length: 65_536 })
  await closed.promise
})

test('a receiver that never answers, or never ends its answer, fails after the timeout', async () => {
  const silent = await listening(() => {})
  const endless = await listening((_request, response) => void response.write('a'))
  const send = outbound({ timeoutMs: 150 })
  await expect(send(post(silent.url))).rejects.toThrow(`${silent.url} gave no whole answer within 0.15 s.`)
  await expect(send(post(endless.url))).rejects.toThrow(/no whole answer/)
})

test('a receiver that hangs delays no other, and at most so many calls run to one', async () => {
  let hanging = 0
  const slow = await listening(() => {
    hanging += 1
  })
  const quick = await listening((_request, response) => void response.end('ok'))
  const send = outbound({ connectionsPerHost: 3, timeoutMs: 500 })
  const stuck = Array.from({ length: 8 }, () => send(post(slow.url)).catch((error: Error) => error.message))
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(post(quick.url))))
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
  expect(hanging).toBeLessThanOrEqual(3)
  const messages = await Promise.all(stuck)
  expect(messages.filter((message) => String(message).includes('no whole answer'))).toHaveLength(3)
  expect(messages.filter((message) => String(message).includes('3 callbacks are still waiting'))).toHaveLength(5)
})

test('a name is resolved once for a call, so that a second answer cannot lead elsewhere', async () => {
  const { port } = await listening((_request, response) => void response.end('ok'))
  const names: string[] = []
  const rebinding: ResolveName = async (host) => {
    names.push(host)
    return [{ address: names.length === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]
  }
  const send = outbound({ lookup: rebinding })
  expect(await send(post(`http://rebind.example:${port}/`))).toMatchObject({ status: 200 })
  expect(names).toEqual(['rebind.example'])
})

test('one forbidden address among the answers denies the name, and no connection is made', async () => {
  let connections = 0
  const { server, port } = await listening((_request, response) => void response.end('ok'))
  server.on('connection', () => {
    connections += 1
  })
  const mixed: ResolveName = async () => [
    { address: '127.0.0.1', family: 4 },
    { address: '::ffff:169.254.169.254', family: 6 },
  ]
  await expect(outbound({ lookup: mixed })(post(`http://mixed.example:${port}/`))).rejects.toMatchObject({
    code: 'EGRESS_DENIED',
    message: expect.stringContaining('mixed.example resolves to ::ffff:169.254.169.254'),
  })
  expect(connections).toBe(0)
})

test('where local receivers are not allowed, a name is called only if it is listed', async () => {
  const { port } = await listening((_request, response) => void response.end('ok'))
  const url = `http://hooks.example:${port}/`
  const denied = outbound({ allowLocal: false, lookup: toLoopback })
  await expect(denied(post(url))).rejects.toMatchObject({
    code: 'EGRESS_DENIED',
    message: expect.stringContaining('add "hooks.example" to callbacks.allow'),
  })
  const allowed = outbound({ allowLocal: false, lookup: toLoopback, allow: ['hooks.example'] })
  expect(await allowed(post(url))).toMatchObject({ status: 200 })
  await expect(denied(post(`http://2130706433:${port}/`))).rejects.toMatchObject({ code: 'EGRESS_DENIED' })
})

test('a proxy that the environment names is not used', async () => {
  const { url } = await listening((_request, response) => void response.end('direct'))
  process.env.HTTP_PROXY = 'http://127.0.0.1:9'
  onTestFinished(() => {
    delete process.env.HTTP_PROXY
  })
  expect(String(Buffer.from((await outbound()(post(url))).body))).toBe('direct')
})

test('the connection is kept for the next call', async () => {
  const ports = new Set<number | undefined>()
  const { url } = await listening((request, response) => {
    ports.add(request.socket.remotePort)
    response.end('ok')
  })
  const send = outbound()
  await send(post(url))
  // The client takes its connection back in a later turn of the loop.
  await new Promise((resolve) => setImmediate(resolve))
  await send(post(url))
  expect(ports.size).toBe(1)
})

test('a receiver that refuses the connection is an error that says so', async () => {
  const { url, server } = await listening(() => {})
  await new Promise((resolve) => server.close(resolve))
  await expect(outbound()(post(url))).rejects.toThrow(/ECONNREFUSED/)
})
