import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { isApiError } from '../src/api-error.ts'
import { createClient } from '../src/create-client.ts'

/** Something that answers on a free port; it need be no imnot. */
async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.each(['foo', '', 'ftp://a.example', 'http://', '/imnot', 'http://a b'])('refuses the URL "%s"', (url) => {
  expect(() => createClient({ url })).toThrowError(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(`found "${url}"`) }),
  )
})

test.each([
  { url: 'http://a.example', base: 'http://a.example' },
  { url: 'https://a.example:8443//', base: 'https://a.example:8443' },
  { url: 'https://a.example/mock/?x=1#y', base: 'https://a.example/mock' },
])('reads the base URL of $url', ({ url, base }) => {
  expect(createClient({ url }).baseUrl).toBe(base)
})

test('refuses a URL with a password in it, and does not repeat it', () => {
  expect(() => createClient({ url: 'https://user:secret@a.example' })).toThrowError(
    /^(?!.*secret).*no user and password/,
  )
})

test('where nothing answers, the sentence names the address and the reason', async () => {
  const url = await answering((request) => request.socket.destroy())
  const error = await createClient({ url })
    .sessions.list()
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'SERVER_UNREACHABLE', status: null })
  expect(String(error)).toMatch(new RegExp(`No answer from ${url}: .+\\. Check the address`))
})

test.each([
  { what: 'an HTML page', status: 200, body: '<html></html>' },
  { what: 'a page of a proxy', status: 502, body: '<html>Bad gateway</html>' },
  { what: 'an error of another service', status: 404, body: '{"error":"no such thing"}' },
])('what is no imnot is said to be none: $what', async ({ status, body }) => {
  const url = await answering((_request, response) => response.writeHead(status).end(body))
  const error = await createClient({ url })
    .partners.list()
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'ANSWER_UNEXPECTED', status, message: expect.stringContaining('no imnot') })
})

test('a redirect is not followed, so that the key goes nowhere else', async () => {
  const keys: unknown[] = []
  const thief = await answering((request, response) => {
    keys.push(request.headers.authorization)
    response.end('[]')
  })
  const url = await answering((_request, response) => response.writeHead(307, { location: thief }).end())
  const error = await createClient({ url, key: 'k'.repeat(32) })
    .flows.list()
    .catch((thrown: unknown) => thrown)
  expect(isApiError(error, 'SERVER_UNREACHABLE')).toBe(true)
  expect(keys).toEqual([])
})

test('the key goes to the admin API alone, and never with the request of a consumer', async () => {
  const seen: [string | undefined, unknown][] = []
  const url = await answering((request, response) => {
    seen.push([request.url, request.headers.authorization])
    response.end('[]')
  })
  const imnot = createClient({ url: `${url}/mock`, key: 'secret' })
  await imnot.sessions.list()
  await imnot.fetch('/v1/a?b=%20c')
  await imnot.fetch('v1/a')
  await imnot.fetch('https://api.acme.example/v1/d')
  await imnot.fetch(`${url}/mock/v1/e`)
  expect(seen).toEqual([
    ['/mock/imnot/admin/sessions', 'Bearer secret'],
    ['/mock/v1/a?b=%20c', undefined],
    ['/mock/v1/a', undefined],
    ['/mock/v1/d', undefined],
    ['/mock/v1/e', undefined],
  ])
})

test('a Request arrives with its method, its headers and its body, and their length', async () => {
  let received = {}
  const url = await answering(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { 'content-type': type, 'content-length': length, authorization } = request.headers
    received = { method: request.method, type, length, authorization, body }
    response.end()
  })
  const headers = { authorization: 'Bearer of the consumer', 'content-type': 'application/xml' }
  await createClient({ url }).fetch(new Request('https://acme.example/x', { method: 'PUT', headers, body: '<a/>' }))
  expect(received).toEqual({
    method: 'PUT',
    type: 'application/xml',
    length: '4',
    authorization: 'Bearer of the consumer',
    body: '<a/>',
  })
})
