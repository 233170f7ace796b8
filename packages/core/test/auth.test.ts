import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../src/index.ts'
import { countingStorage } from './support/counting-storage.ts'
import { manualClock } from './support/manual-clock.ts'
import { type Running, startEngine } from './support/start-engine.ts'

const partner = (auth: string, more = '') => `partner: acme
defaults: { auth: ${auth} }
datapoints:
  - { name: token, pattern: oauth, endpoints: [{ method: POST, path: /token, response: { expires_in: 60 } }] }
  - { name: other, pattern: oauth, endpoints: [{ method: POST, path: /other }] }
  - name: things
    pattern: static
    endpoints:
      - { method: GET, path: /things, response: { body: { by: "{{ token.sub }}" } } }
      - { method: GET, path: /open, auth: false, response: { body: open } }
  - name: bill
    pattern: fetch
    endpoints: [{ method: GET, path: /bill }]
${more}`

async function tokenOf(running: Running, path = '/token', headers: Record<string, string> = {}): Promise<string> {
  const answer = (await (await running.call('POST', path, { headers })).json()) as { access_token: string }
  return answer.access_token
}

async function ask(running: Running, headers: Record<string, string> = {}, path = '/things') {
  const response = await running.call('GET', path, { headers })
  const body = await response.text()
  return { status: response.status, body, challenge: response.headers.get('www-authenticate') }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

describe('auth: the name of a datapoint of pattern oauth', () => {
  test('lets in with a token that it issued, shows its claims to templates, and refuses anything else with a 401', async () => {
    const running = await startEngine({ yaml: partner('token') })
    const token = await tokenOf(running)
    expect(await ask(running, bearer(token))).toMatchObject({ status: 200, body: '{"by":"acme"}' })
    expect(await ask(running)).toEqual({
      status: 401,
      challenge: 'Bearer realm="acme"',
      body: '{"detail":"This request is not let in: no token was sent. To be let in, send a token of acme/token as \\"Authorization: Bearer TOKEN\\"."}',
    })
    const [header, payload, signature = ''] = token.split('.')
    const forged = [header, payload, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join('.')
    for (const [sent, cause] of [
      [forged, 'no token that imnot issued'],
      ['opaque', 'no token that imnot issued'],
      [await tokenOf(running, '/other'), 'one of acme/other'],
    ] as const) {
      const answer = await ask(running, bearer(sent))
      expect(answer).toMatchObject({ status: 401, body: expect.stringContaining(cause) })
      expect(answer.challenge).toMatch(/^Bearer realm="acme", error="invalid_token", error_description="/)
    }
  })

  test('is not asked for by endpoints that say auth: false, nor by those that hand tokens out', async () => {
    const running = await startEngine({ yaml: partner('token') })
    expect(await ask(running, {}, '/open')).toMatchObject({ status: 200, body: 'open' })
    expect(await tokenOf(running)).toContain('.')
  })

  test("goes by the session's clock, while the times inside the token go by the wall clock", async () => {
    const clock = manualClock()
    const running = await startEngine({ yaml: partner('token'), clock })
    const token = await tokenOf(running)
    expect(decodeJwt(token)).toMatchObject({ iat: clock.now() / 1000, exp: clock.now() / 1000 + 60 })
    const advance = (by: string) =>
      running.admin('POST', '/imnot/admin/clock', {
        body: JSON.stringify({ advance: by }),
        headers: { 'content-type': 'application/json' },
      })
    await advance('59s')
    expect(await ask(running, bearer(token))).toMatchObject({ status: 200 })
    await advance('1s')
    const late = await ask(running, bearer(token))
    expect(late).toMatchObject({ status: 401, body: expect.stringContaining('the token has expired') })
    expect(late.challenge).toContain('error="invalid_token"')
  })

  test('is checked on every node alike, and a verified token costs one read', async () => {
    const { storage, counts, reset } = countingStorage(memoryStorage())
    const [one, two] = [
      await startEngine({ yaml: partner('token'), storage }),
      await startEngine({ yaml: partner('token'), storage, background: false }),
    ]
    const token = await tokenOf(one)
    expect(await ask(two, bearer(token))).toMatchObject({ status: 200 })
    await one.engine.close()
    reset()
    expect(await ask(two, bearer(token))).toMatchObject({ status: 200 })
    expect(counts).toEqual({ get: 1, list: 0, write: 0, claim: 0 })
  })

  test('asks for scopes, and forbids a token that lacks one', async () => {
    const running = await startEngine({ yaml: partner('{ oauth: token, scopes: [read] }') })
    const answer = await ask(running, bearer(await tokenOf(running)))
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('lacks read') })
    expect(answer.challenge).toMatch(/error="insufficient_scope".*scope="read"$/)
  })

  test('finds scopes in a list, and under the other name that providers have for them', async () => {
    for (const claims of ['{ scope: [read, write] }', '{ scp: read write }']) {
      const yaml = partner('{ oauth: token, scopes: [read] }').replace(
        'name: token, pattern: oauth,',
        `name: token, pattern: oauth, claims: ${claims},`,
      )
      const running = await startEngine({ yaml })
      expect(await ask(running, bearer(await tokenOf(running)))).toMatchObject({ status: 200 })
    }
  })

  test('takes what is no text for no scope, whatever a client has brought into the claim', async () => {
    const yaml = partner('{ oauth: token, scopes: [read] }').replace(
      'name: token, pattern: oauth,',
      'name: token, pattern: oauth, claims: { scp: "{{ request.body.scp }}" },',
    )
    const running = await startEngine({ yaml })
    const body = '{"scp":[{"toString":1,"valueOf":1}]}'
    const headers = { 'content-type': 'application/json' }
    const { access_token } = (await (await running.call('POST', '/token', { headers, body })).json()) as {
      access_token: string
    }
    expect(await ask(running, bearer(access_token))).toMatchObject({ status: 403 })
  })

  test('takes the token from another header, or from the query, where the definition says so', async () => {
    const yaml = partner('[{ oauth: token, header: X-Access-Token }, { oauth: token, query: access_token }]')
    const running = await startEngine({ yaml })
    const token = await tokenOf(running)
    expect(await ask(running, { 'x-access-token': token })).toMatchObject({ status: 200 })
    expect(await ask(running, {}, `/things?access_token=${token}`)).toMatchObject({ status: 200 })
    expect(await ask(running, { 'x-access-token': 'none' })).toMatchObject({ status: 401 })
  })
})

describe('auth: a fixed credential', () => {
  const environment = (name: string) => ({ ACME_TOKEN: 'from-outside', ACME_PASSWORD: 'geheim' })[name]
  const cases = [
    ['{ bearer: t-1 }', bearer('t-1'), bearer('t-2')],
    ['{ bearer: true }', bearer('whatever'), { authorization: 'Token whatever' }],
    ['{ bearer_env: ACME_TOKEN }', bearer('from-outside'), bearer('ACME_TOKEN')],
    ['{ bearer_env: UNSET }', null, bearer('')],
    ['{ basic: { username: ada, password: "pass:word" } }', basic('ada:pass:word'), basic('ada:pass')],
    ['{ basic: { username: ada, password_env: ACME_PASSWORD } }', basic('ada:geheim'), basic('eve:geheim')],
    ['{ basic: {} }', basic('any:one'), { authorization: 'Basic' }],
    ['{ api_key: { header: X-Api-Key, value: k-1 } }', { 'x-api-key': 'k-1' }, { 'x-api-key': 'k-2' }],
    ['{ api_key: { header: X-Api-Key } }', { 'x-api-key': 'any' }, { 'x-api-key': '' }],
    ['[{ bearer: t-1 }, { api_key: { header: X-Api-Key, value: k-1 } }]', { 'x-api-key': 'k-1' }, bearer('k-1')],
  ] as const

  test.each(cases)('%s', async (auth, right, wrong) => {
    const { storage, counts, reset } = countingStorage(memoryStorage())
    const yaml = partner(auth).replace('{ by: "{{ token.sub }}" }', 'in')
    const running = await startEngine({ yaml, environment, storage, background: false })
    reset()
    if (right !== null) expect(await ask(running, right)).toMatchObject({ status: 200, body: 'in' })
    for (const sent of [wrong, {}]) {
      const answer = await ask(running, sent as Record<string, string>)
      expect(answer).toMatchObject({ status: 401, challenge: expect.stringContaining('realm="acme"') })
    }
    expect(counts).toEqual({ get: 0, list: 0, write: 0, claim: 0 })
  })

  test('in the query', async () => {
    const running = await startEngine({ yaml: partner('{ api_key: { query: apikey, value: k-1 } }') })
    expect(await ask(running, {}, '/open?apikey=k-1')).toMatchObject({ status: 200 })
    expect(await ask(running, {}, '/things?apikey=k-1')).toMatchObject({ status: 200 })
    expect(await ask(running, {}, '/things?apikey=k-2')).toMatchObject({ status: 401 })
  })

  test('is refused in the shape that the partner declares, with the challenge all the same', async () => {
    const yaml = partner(
      '{ bearer: t-1 }, errors: { unauthorized: { status: 403, body: { no: "{{ error.detail }}" } } }',
    )
    const answer = await ask(await startEngine({ yaml }))
    expect(answer).toMatchObject({ status: 403, challenge: 'Bearer realm="acme"' })
    expect(answer.body).toMatch(/^\{"no":"This request is not let in: no bearer token was sent\./)
  })
})

describe('a token', () => {
  async function started() {
    const running = await startEngine({ yaml: partner('token') })
    const json = { 'content-type': 'application/json' }
    const session = async (options = {}) => {
      const made = await running.admin('POST', '/imnot/admin/sessions', {
        body: JSON.stringify(options),
        headers: json,
      })
      return (made.json as { session_id: string }).session_id
    }
    const upload = (body: string, into?: string) =>
      running.admin('POST', '/imnot/admin/acme/bill/payload', {
        body,
        headers: { ...json, ...(into !== undefined && { 'x-imnot-session': into }) },
      })
    return { running, session, upload }
  }

  test('carries its session: later requests need no header', async () => {
    const { running, session, upload } = await started()
    const [one, two] = [await session(), await session()]
    await upload('"one"', one)
    await upload('"two"', two)
    for (const [id, body] of [
      [one, '"one"'],
      [two, '"two"'],
    ] as const) {
      const token = await tokenOf(running, '/token', { 'x-imnot-session': id })
      expect(await ask(running, bearer(token), '/bill')).toMatchObject({ status: 200, body })
    }
  })

  test('of a session that was deleted is an invalid token', async () => {
    const { running, session } = await started()
    const id = await session()
    const token = await tokenOf(running, '/token', { 'x-imnot-session': id })
    await running.admin('DELETE', `/imnot/admin/sessions/${id}`)
    const answer = await ask(running, bearer(token), '/bill')
    expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('its session was deleted') })
    expect(answer.challenge).toContain('error="invalid_token"')
  })

  test('counts in no other session, and a global one not in an isolated session', async () => {
    const { running, session, upload } = await started()
    const [one, two, alone] = [await session(), await session(), await session({ isolated: true })]
    await upload('"global"')
    await upload('"alone"', alone)
    const own = await tokenOf(running, '/token', { 'x-imnot-session': one })
    const open = await tokenOf(running)
    const within = (id: string, token: string) => ask(running, { ...bearer(token), 'x-imnot-session': id }, '/bill')
    expect(await within(one, own)).toMatchObject({ status: 200 })
    expect(await within(two, own)).toMatchObject({ status: 401, body: expect.stringContaining('another session') })
    expect(await within(two, open)).toMatchObject({ status: 200, body: '"global"' })
    expect(await within(alone, open)).toMatchObject({ status: 401, body: expect.stringContaining('another session') })
  })
})
