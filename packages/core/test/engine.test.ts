import { builtinPatterns } from '@imnot/schema'
import { createLocalJWKSet, decodeProtectedHeader, exportJWK, importJWK, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { adminRoutes } from '../src/admin/admin-routes.ts'
import { ImnotError, memoryStorage, type Storage } from '../src/index.ts'
import { builtinBehaviours } from '../src/patterns/registry.ts'
import { seed } from './support/seed.ts'
import { type CallOptions, startEngine } from './support/start-engine.ts'

test('every pattern of the schema has a behaviour, and no behaviour stands alone', () => {
  expect(builtinBehaviours.map(({ name }) => name).sort()).toEqual(builtinPatterns.map(({ name }) => name).sort())
})

describe('the OpenAPI document', () => {
  test('describes exactly the addresses that are served', async () => {
    const running = await startEngine()
    const document = (await running.admin('GET', '/imnot/admin/openapi.json')).json
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const served = adminRoutes({} as Parameters<typeof adminRoutes>[0]).map(({ method, path }) => `${method} ${path}`)
    expect(described.sort()).toEqual([...served].sort())
    for (const route of served) {
      const [method = '', path = ''] = route.split(' ')
      const match = running.engine.match(method, path.replaceAll(/\{\w+\}/g, 'x'))
      expect([route, match?.kind === 'admin' && match.route?.path]).toEqual([route, path])
    }
  })

  test('gives every operation its own id, and every path parameter its place', async () => {
    const running = await startEngine()
    const document = (await running.admin('GET', '/imnot/admin/openapi.json')).json
    const operations = Object.entries(
      document.paths as Record<
        string,
        Record<string, { operationId: string; parameters: { name: string; in: string }[] }>
      >,
    )
    const ids = operations.flatMap(([, methods]) => Object.values(methods).map(({ operationId }) => operationId))
    expect(new Set(ids).size).toBe(ids.length)
    for (const [path, methods] of operations) {
      for (const { parameters } of Object.values(methods)) {
        const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`)
        expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? [])
      }
    }
  })
})

describe('a token', () => {
  const yaml =
    'partner: shop\ndatapoints: [{ name: token, pattern: oauth, endpoints: [{ method: POST, path: /oauth/token, response: { token_type: Bearer, expires_in: 60 } }] }]\n'

  test('is a JWT that is signed with one key on all nodes and after a restart, and expires when it says', async () => {
    const storage = memoryStorage()
    const tokens: string[] = []
    for (let node = 0; node < 2; node++) {
      const running = await startEngine({ yaml, storage })
      const response = await running.call('POST', '/oauth/token', { body: 'grant_type=client_credentials' })
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
      const answer = (await response.json()) as { access_token: string; token_type: string; expires_in: number }
      expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: 60 })
      tokens.push(answer.access_token)
    }
    const [secret] = await storage.get(['secret/token-key'])
    const { d: _private, ...jwk } = JSON.parse(new TextDecoder().decode(secret?.body))
    const keys = createLocalJWKSet({
      keys: [{ ...jwk, alg: 'ES256', kid: decodeProtectedHeader(tokens[0] ?? '').kid ?? '' }],
    })
    for (const token of tokens) {
      const { payload } = await jwtVerify(token, keys)
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60)
    }
    expect(new Set(tokens).size).toBe(2)
    expect(decodeProtectedHeader(tokens[0] ?? '').kid).toBe(decodeProtectedHeader(tokens[1] ?? '').kid)
    expect(await exportJWK(await importJWK(jwk, 'ES256'))).toMatchObject({ kty: 'EC' })
  })
})

describe('when the storage is lost', () => {
  function losable(storage: Storage) {
    const state = { isLost: false }
    const guard =
      <Input extends unknown[], Output>(act: (...input: Input) => Promise<Output>) =>
      async (...input: Input) => {
        if (state.isLost)
          throw new ImnotError('STORAGE_UNAVAILABLE', 'The storage cannot be reached; try again in a moment.')
        return act(...input)
      }
    const { get, write, list, claim, ping } = storage
    return {
      state,
      storage: {
        ...storage,
        get: guard(get),
        write: guard(write),
        list: guard(list),
        claim: guard(claim),
        ping: guard(ping),
      },
    }
  }

  test('stateful routes are 503 with Retry-After, static ones and health go on, and all recovers without a restart', async () => {
    const { state, storage } = losable(memoryStorage())
    const yaml = [
      seed,
      'partner: s\ndatapoints: [{ name: hi, pattern: static, endpoints: [{ method: GET, path: /hi, response: { body: hi } }] }]',
    ]
    const running = await startEngine({ yaml, storage })
    state.isLost = true
    const lost = await running.call('POST', '/external/jobs')
    expect([lost.status, lost.headers.get('retry-after')]).toEqual([503, '1'])
    const statuses = await Promise.all(
      ['/hi', '/healthz', '/readyz'].map(async (path) => (await running.call('GET', path)).status),
    )
    expect(statuses).toEqual([200, 200, 503])
    state.isLost = false
    expect((await running.call('POST', '/external/jobs')).status).toBe(202)
    expect((await running.call('GET', '/readyz')).status).toBe(200)
  })

  test('a full disk is a 507 for who writes, and who reads goes on', async () => {
    const storage = memoryStorage()
    const running = await startEngine({ yaml: seed, storage })
    storage.write = async () => {
      throw new ImnotError('STORAGE_FULL', 'The disk is full; make room and try again.')
    }
    expect((await running.call('POST', '/external/jobs')).status).toBe(507)
    expect((await running.admin('GET', '/imnot/admin/flows')).status).toBe(200)
  })

  test('a mistake of the program is a 500 in one sentence, without a stack', async () => {
    const storage = memoryStorage()
    const running = await startEngine({ yaml: seed, storage })
    storage.get = async () => {
      throw new TypeError('secret detail')
    }
    const response = await running.call('POST', '/external/jobs')
    const text = await response.text()
    expect([response.status, text.includes('secret detail'), text.includes('.ts')]).toEqual([500, false, false])
  })
})

describe('a request that matches nothing', () => {
  test.each([
    ['GET', '/external/job', '"jobs" where the request has "job"'],
    ['PUT', '/external/jobs/1', 'the method is HEAD, not PUT'],
    ['POST', '/external/jobs/1/more', 'the path ends before /more'],
    ['POST', '/external', 'the path goes on with /jobs'],
  ])('%s %s is a 404 with the nearest route and why it is not the one', async (method, path, reason) => {
    const running = await startEngine({ yaml: seed })
    const response = await running.call(method, path)
    const answer = (await response.json()) as { detail: string; nearest: { reason: string; partner: string }[] }
    expect([response.status, answer.nearest[0]?.partner, answer.detail]).toEqual([
      404,
      'acme',
      expect.stringContaining(reason),
    ])
  })

  test('is told of the host or the "when" of a route that has its method and path', async () => {
    const yaml = `partner: inn
hosts: [inn.test]
datapoints:
  - name: rooms
    pattern: static
    endpoints:
      - { method: POST, path: /rooms, when: { body: { beds: { exists: true } } } }
      - { method: GET, path: /rooms }
`
    const { call } = await startEngine({ yaml })
    const detailOf = async (method: string, options: CallOptions) => {
      const response = await call(method, '/rooms', options)
      return ((await response.json()) as { detail: string }).detail
    }
    expect(await detailOf('GET', { headers: { host: 'bar.test' } })).toBe(
      'No route matches GET /rooms. The nearest is GET /rooms of inn: its host is inn.test.',
    )
    expect(await detailOf('POST', { headers: { host: 'inn.test' }, body: '{}' })).toBe(
      'No route matches POST /rooms. The nearest is POST /rooms of inn: its "when" does not hold for this request.',
    )
  })

  test('says so when no partner is loaded at all', async () => {
    const running = await startEngine()
    expect(await (await running.call('GET', '/x')).json()).toMatchObject({
      detail: expect.stringContaining('no partner is loaded'),
    })
  })
})

describe('paths', () => {
  const yaml = `partner: p
datapoints:
  - name: echo
    pattern: static
    endpoints:
      - { method: [get, POST], path: "/v1/{name}:cancel", response: { body: cancel } }
      - { method: GET, path: "/v1/{name}", response: { body: one } }
      - { method: GET, path: /v1/fixed, response: { body: fixed } }
      - { method: GET, path: "/files/{name}.{ext}", response: { body: file } }
      - { method: GET, path: "/all/{rest*}", response: { body: rest } }
      - { method: GET, path: "/braces/\\\\{x\\\\}", response: { body: braces } }
      - { method: GET, path: /trailing/, response: { body: trailing } }
`
  test.each([
    ['/v1/jobs%2F7:cancel', 'cancel'],
    ['/v1/a', 'one'],
    ['/v1/fixed', 'fixed'],
    ['/v1/fixed/', 'fixed'],
    ['/files/a.b.json', 'file'],
    ['/all/a/b/c', 'rest'],
    ['/braces/%7Bx%7D', 'braces'],
    ['/trailing', 'trailing'],
    ['/v1/a?x=/y', 'one'],
    [`/v1/${'x'.repeat(5000)}`, 'one'],
  ])('%s', async (path, body) => {
    const running = await startEngine({ yaml })
    expect(await (await running.call('GET', path)).text()).toBe(body)
  })

  test.each(['/v1/', '/v1', '/v1//a', '/all', '/v1/a%ZZ', '//v1/a', '/V1/a'])('%s matches nothing', async (path) => {
    const running = await startEngine({ yaml })
    expect(running.engine.match('GET', path)).toBeNull()
  })
})

test('a body over the limit of mocked endpoints is a 413', async () => {
  const running = await startEngine({ yaml: seed })
  const response = await running.call('POST', '/external/jobs', {
    body: 'x',
    headers: { 'content-length': String(2 ** 20 + 1) },
  })
  expect([response.status, await response.text()]).toEqual([413, expect.stringContaining('1 MiB')])
})

test('a mocked page is put into a sandbox while the admin API shares its origin', async () => {
  const yaml =
    'partner: s\ndatapoints: [{ name: hi, pattern: static, endpoints: [{ method: GET, path: /hi, response: { body: "<script>", content_type: text/html } }] }]'
  const open = await startEngine({ yaml })
  const alone = await startEngine({ yaml, admin: false })
  const policy = async (running: typeof open, destination: string) =>
    (await running.call('GET', '/hi', { headers: { 'sec-fetch-dest': destination } })).headers.get(
      'content-security-policy',
    )
  expect(await policy(open, 'document')).toBe('sandbox')
  expect(await policy(open, 'iframe')).toBe('sandbox')
  expect(await policy(open, 'empty')).toBeNull()
  expect(await policy(alone, 'document')).toBeNull()
})
