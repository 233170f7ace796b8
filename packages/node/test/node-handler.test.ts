import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { toNodeHandler } from '../src/http/node-handler.ts'
import { connected, deferred, exchange, fakeEngine, listening, readAll, text } from './support.ts'

const head = (lines: readonly string[]) => `${lines.join('\r\n')}\r\n\r\n`
const get = (path: string, ...lines: string[]) =>
  head([`GET ${path} HTTP/1.1`, 'Host: x', 'Connection: close', ...lines])

test('an answer that is ready at once is sent with its status, headers and bytes as they are', async () => {
  const engine = fakeEngine(() => text(201, '{"n":1.10}', ['Content-Type', 'application/json', 'X-Odd', 'a  b']))
  const { port } = await listening(toNodeHandler(engine))
  const answer = await exchange(port, get('/mock'))
  expect(answer).toMatch(
    /^HTTP\/1\.1 201 Created\r\nContent-Type: application\/json\r\nX-Odd: a {2}b\r\ncontent-length: 10\r\n/,
  )
  expect(answer.endsWith('\r\n\r\n{"n":1.10}')).toBe(true)
})

test('several set-cookie headers stay several, also after the host has set headers of its own', async () => {
  const engine = fakeEngine(async () => text(200, '', ['set-cookie', 'a=1', 'set-cookie', 'b=2']))
  const handler = toNodeHandler(engine)
  const { url } = await listening((request, response) => {
    response.setHeader('x-powered-by', 'host')
    handler(request, response)
  })
  const { headers } = await fetch(`${url}/mock`)
  expect(headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(headers.get('x-powered-by')).toBe('host')
})

test('HEAD has the headers of the answer and no body', async () => {
  const { port } = await listening(toNodeHandler(fakeEngine(() => text(200, 'four'))))
  const answer = await exchange(port, get('/mock').replace('GET', 'HEAD'))
  expect(answer).toMatch(/content-length: 4\r\n/)
  expect(answer.endsWith('\r\n\r\n')).toBe(true)
})

test('the engine sees method, URL, headers, peer and body', async () => {
  const engine = fakeEngine(async (request) => {
    const { method, url, headers, body, remoteAddress } = request
    const seen = [method, url, headers.get('x-twice'), headers.get('x-none'), remoteAddress, await readAll(body)]
    return text(200, JSON.stringify(seen))
  })
  const { port } = await listening(toNodeHandler(engine))
  const request = head([
    'PUT /mock?q=%20 HTTP/1.1',
    'Host: x',
    'Connection: close',
    'X-Twice: 1',
    'X-Twice: 2',
    'Content-Length: 4',
  ])
  const answer = await exchange(port, `${request}body`)
  expect(answer.split('\r\n\r\n')[1]).toBe(JSON.stringify(['PUT', '/mock?q=%20', '1, 2', null, '127.0.0.1', 'body']))
})

test('a request without a body has none to read', async () => {
  const { url } = await listening(toNodeHandler(fakeEngine((request) => text(200, String(request.body)))))
  expect(await (await fetch(`${url}/mock`)).text()).toBe('null')
})

test('bytes that the host has read already stand in for the body', async () => {
  const engine = fakeEngine(async (request) => text(200, await readAll(request.body)))
  const handler = toNodeHandler(engine)
  const { url } = await listening(async (request, response) => {
    Object.assign(request, { rawBody: Buffer.from(await readAll(request)) })
    handler(request, response)
  })
  expect(await (await fetch(`${url}/mock`, { method: 'POST', body: 'read before' })).text()).toBe('read before')
})

describe('a request that is not imnot’s', () => {
  test('goes to next with its body unread', async () => {
    const handler = toNodeHandler(fakeEngine(() => text(500, 'not this')))
    const { url } = await listening((request, response) => {
      handler(request, response, async (error) => {
        const body = await readAll(request)
        response.end(JSON.stringify({ error: error ?? null, body, headersSent: response.headersSent }))
      })
    })
    const answer = await fetch(`${url}/host`, { method: 'POST', body: 'for the host' })
    expect(await answer.json()).toEqual({ error: null, body: 'for the host', headersSent: false })
  })

  test('is a 404 of the engine where there is no next', async () => {
    const { url } = await listening(toNodeHandler(fakeEngine(() => text(500, 'not this'))))
    const answer = await fetch(`${url}/other?a`)
    expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 404, body: 'nothing at /other?a' })
  })

  test('may have two Host headers: that is the host’s to judge', async () => {
    const handler = toNodeHandler(fakeEngine(() => text(200, 'mock')))
    const { port } = await listening((request, response) => handler(request, response, () => response.end('host')))
    expect(await exchange(port, get('/host', 'Host: y'))).toMatch(/ 200 OK[\s\S]*host$/)
  })
})

test('two Host headers are a 400', async () => {
  const { port } = await listening(toNodeHandler(fakeEngine(() => text(200, 'not this'))))
  expect(await exchange(port, get('/mock', 'hOST: y'))).toMatch(
    /^HTTP\/1\.1 400 [\s\S]*\{"detail":"A request has one Host header/,
  )
})

describe('a streamed body', () => {
  test('arrives whole, as fast as the client takes it', async () => {
    let made = 0
    async function* chunks() {
      for (; made < 200; made++) yield Buffer.alloc(65_536, made % 256)
    }
    const engine = fakeEngine(async () => ({ status: 200, headers: [], body: chunks() }))
    const { port, url } = await listening(toNodeHandler(engine))
    const slow = await connected(port)
    slow.write(get('/mock'))
    slow.pause()
    await once(slow, 'readable').catch(() => {})
    expect(made).toBeLessThan(200)
    slow.destroy()
    made = 0
    expect((await (await fetch(`${url}/mock`)).arrayBuffer()).byteLength).toBe(200 * 65_536)
  })

  test('shows its first part before there is a second', async () => {
    const go = deferred()
    async function* events() {
      yield Buffer.from('first')
      await go.promise
      yield Buffer.from('second')
    }
    const { port } = await listening(toNodeHandler(fakeEngine(() => ({ status: 200, headers: [], body: events() }))))
    const answer = await exchange(port, get('/mock'), (so) => {
      if (so.includes('first')) go.resolve()
      return so.includes('second')
    })
    expect(answer).toContain('first')
  })

  test('ends when the client goes away', async () => {
    const ended = deferred()
    async function* endless() {
      try {
        for (;;) yield Buffer.alloc(65_536)
      } finally {
        ended.resolve()
      }
    }
    const { port } = await listening(toNodeHandler(fakeEngine(() => ({ status: 200, headers: [], body: endless() }))))
    const socket = await connected(port)
    socket.write(get('/mock'))
    socket.once('data', () => socket.destroy())
    await ended.promise
  })

  test('breaks the connection when it fails half-way, so that no client takes it for whole', async () => {
    async function* failing() {
      yield Buffer.from('half')
      throw new Error('disk gone')
    }
    const logged: string[] = []
    const logger = { debug() {}, info() {}, warn() {}, error: (message: string) => void logged.push(message) }
    const engine = fakeEngine(() => ({ status: 200, headers: [], body: failing() }))
    const { url } = await listening(toNodeHandler(engine, { logger }))
    await expect(fetch(`${url}/mock`).then((answer) => answer.text())).rejects.toThrow()
  })
})

describe('a client that goes away', () => {
  test('before its answer is ready disturbs nobody', async () => {
    const arrived = deferred()
    const answer = deferred<ReturnType<typeof text>>()
    const engine = fakeEngine((request) => {
      if (request.url === '/mock/quick') return text(200, 'still here')
      arrived.resolve()
      return answer.promise
    })
    const { port, url, server } = await listening(toNodeHandler(engine))
    const closed = deferred()
    server.on('connection', (socket) => socket.once('close', () => closed.resolve()))
    const socket = await connected(port)
    socket.write(get('/mock/slow'))
    await arrived.promise
    socket.destroy()
    await closed.promise
    answer.resolve(text(200, 'too late'))
    expect(await (await fetch(`${url}/mock/quick`)).text()).toBe('still here')
  })

  test('in the middle of its body is a REQUEST_ABORTED for the engine', async () => {
    const seen = deferred<unknown>()
    const engine = fakeEngine(async (request) => {
      await readAll(request.body).catch(seen.resolve)
      return text(200, '')
    })
    const { port } = await listening(toNodeHandler(engine))
    const socket = await connected(port)
    socket.write(`${head(['POST /mock HTTP/1.1', 'Host: x', 'Content-Length: 10'])}abc`)
    setImmediate(() => socket.destroy())
    expect(await seen.promise).toMatchObject({ code: 'REQUEST_ABORTED' })
  })
})

describe('a client that sends its body slowly', () => {
  const slowly = (path: string) => `${head([`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Length: 10'])}abc`
  const reading = fakeEngine(async (request) => text(200, await readAll(request.body)))

  test('gets a 408 from a mocked endpoint, and the connection ends', async () => {
    const { port } = await listening(toNodeHandler(reading, { bodyTimeoutMs: 50 }))
    expect(await exchange(port, slowly('/mock'))).toMatch(
      /^HTTP\/1\.1 408 [\s\S]*\{"detail":"The request's body did not come within 0.05 s/,
    )
  })

  test('has the time of the server for an upload', async () => {
    const { port } = await listening(toNodeHandler(reading, { bodyTimeoutMs: 50 }))
    const socket = await connected(port)
    socket.write(slowly('/imnot/admin/acme/jobs/payload'))
    setTimeout(() => socket.write('defghij'), 150)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(String(answer)).toMatch(/ 200 OK[\s\S]*abcdefghij$/)
  })

  test('is cut off after an answer that did not wait for the body', async () => {
    const { port } = await listening(
      toNodeHandler(
        fakeEngine(() => text(413, 'no')),
        { bodyTimeoutMs: 50 },
      ),
    )
    expect(await exchange(port, slowly('/mock'))).toMatch(/ 413 [\s\S]*no$/)
  })
})

describe('a failure that nobody expected', () => {
  const engine = fakeEngine(() => {
    throw new Error('secret detail')
  })

  test('is a 500 without its stack, and is logged', async () => {
    const logged: unknown[] = []
    const logger = { debug() {}, info() {}, warn() {}, error: (...all: unknown[]) => void logged.push(all) }
    const { url } = await listening(toNodeHandler(engine, { logger }))
    const answer = await fetch(`${url}/mock`)
    const body = await answer.text()
    expect({ status: answer.status, leaks: body.includes('secret') }).toEqual({ status: 500, leaks: false })
    expect(JSON.parse(body)).toEqual({ detail: expect.any(String) })
    expect(JSON.stringify(logged)).toContain('secret detail')
  })

  test('goes to the error handler of the host where there is one', async () => {
    const handler = toNodeHandler(engine)
    const { url } = await listening((request, response) => {
      handler(request, response, (error) => response.end(`host: ${(error as Error).message}`))
    })
    expect(await (await fetch(`${url}/mock`)).text()).toBe('host: secret detail')
  })
})
