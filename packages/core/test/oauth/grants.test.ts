import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../src/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { type Running, startEngine } from '../support/start-engine.ts'
import { app, bearer, challengeOf, oauthClient, provider } from './support.ts'

const callback = 'https://app.test/cb'

async function start() {
  const clock = manualClock(Math.floor(Date.now() / 1000) * 1000)
  const storage = memoryStorage({ now: clock.now })
  const running = await startEngine({ yaml: provider, clock, storage })
  return { running, clock, storage, ...oauthClient(running) }
}

async function codeOf({ authorize }: Awaited<ReturnType<typeof start>>, more: Record<string, string> = {}) {
  const answer = await authorize({ redirect_uri: callback, scope: 'openid read', state: 'st-1', ...more })
  expect(answer.get('state')).toBe('st-1')
  return answer.get('code') ?? ''
}

const refused = (error: string, description: string) => ({
  status: 400,
  json: { error, error_description: expect.stringContaining(description) },
})

describe('client_credentials', () => {
  test('gives the client a signed token of its own, with the scope that it asked for and no refresh token', async () => {
    const { token } = await start()
    const { status, headers, json } = await token({ grant_type: 'client_credentials', scope: 'read' })
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      scope: 'read',
      tenant: 'of app',
    })
    expect(decodeProtectedHeader(json.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    expect(decodeJwt(json.access_token)).toMatchObject({
      iss: 'http://127.0.0.1',
      sub: 'app',
      aud: 'id/login',
      client_id: 'app',
      scope: 'read',
    })
  })

  test('takes id and secret by HTTP Basic, in the form, and as JSON', async () => {
    const { post, running } = await start()
    const basic = { authorization: `Basic ${Buffer.from('app:s3cret').toString('base64')}` }
    expect(await post('/token', { grant_type: 'client_credentials' }, basic)).toMatchObject({ status: 200 })
    const body = JSON.stringify({ grant_type: 'client_credentials', audience: 'https://api.test', ...app })
    const answer = await running.call('POST', '/token', { body, headers: { 'content-type': 'application/json' } })
    const { access_token } = (await answer.json()) as { access_token: string }
    expect(decodeJwt(access_token).aud).toBe('https://api.test')
  })

  test('refuses what is wrong as RFC 6749 says', async () => {
    const { post, token } = await start()
    const client = (form: Record<string, string>) => post('/token', { grant_type: 'client_credentials', ...form })
    const wrong = `Basic ${Buffer.from('app:wrong').toString('base64')}`
    expect(await client({ client_id: 'app', client_secret: 'no' })).toMatchObject({
      status: 401,
      json: { error: 'invalid_client', error_description: 'the secret of app is wrong' },
    })
    const byBasic = await post('/token', { grant_type: 'client_credentials' }, { authorization: wrong })
    expect([byBasic.status, byBasic.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="id"'])
    expect(await client({ client_id: 'nobody' })).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
    expect(await client({})).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
    expect(await token({})).toMatchObject(refused('invalid_request', 'grant_type is missing'))
    expect(await token({ grant_type: 'magic' })).toMatchObject(refused('unsupported_grant_type', 'and not magic'))
    const scope = await token({ grant_type: 'client_credentials', scope: 'read all' })
    expect(scope).toMatchObject(refused('invalid_scope', 'may not have all'))
  })
})

describe('password and jwt_bearer', () => {
  test('give a token of the user, whose claims survive a refresh', async () => {
    const { token, get } = await start()
    const form = { grant_type: 'password', username: 'ada', password: 'x', role: 'admin', scope: 'read' }
    const { json } = await token(form)
    expect(decodeJwt(json.access_token)).toMatchObject({ sub: 'ada', role: 'admin' })
    const again = await token({ grant_type: 'refresh_token', refresh_token: json.refresh_token })
    expect(decodeJwt(again.json.access_token)).toMatchObject({ sub: 'ada', role: 'admin', scope: 'read' })
    const me = await get('/me', bearer(again.json.access_token))
    expect(me).toMatchObject({ status: 200, json: { sub: 'ada', flow: expect.stringMatching(/^[0-9a-f-]{36}$/) } })
    expect(await token({ grant_type: 'password', username: 'ada' })).toMatchObject({
      json: { error: 'invalid_request' },
    })
  })

  test('believe an assertion, and name its subject', async () => {
    const { token } = await start()
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const assertion = `${part({ alg: 'RS256' })}.${part({ iss: 'robot@acme', scope: 'read' })}.c2ln`
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
    const { json } = await token({ grant_type, assertion })
    expect(decodeJwt(json.access_token)).toMatchObject({ sub: 'robot@acme', scope: 'read' })
    expect(await token({ grant_type, assertion: 'none' })).toMatchObject(refused('invalid_grant', 'no JWT'))
  })
})

describe('authorization_code', () => {
  test('sends the user back with a code, and gives tokens whose id token the published key proves', async () => {
    const provider = await start()
    const code = await codeOf(provider, { nonce: 'n-1', login_hint: 'ada' })
    const { token, get } = provider
    const { json } = await token({ grant_type: 'authorization_code', code, redirect_uri: callback })
    const keys = createLocalJWKSet((await get('/jwks')).json)
    const currentDate = new Date(provider.clock.now())
    const { payload } = await jwtVerify(json.id_token, keys, {
      issuer: 'http://127.0.0.1',
      audience: 'app',
      currentDate,
    })
    expect(payload).toMatchObject({ sub: 'ada', nonce: 'n-1', auth_time: provider.clock.now() / 1000 })
    await jwtVerify(json.access_token, keys, { audience: 'id/login', currentDate })
    expect(await get('/userinfo', bearer(json.access_token))).toMatchObject({ status: 200, json: { sub: 'ada' } })
  })

  test('takes a code once, from its client, with its redirect_uri, and in time', async () => {
    const provider = await start()
    const { token, clock, post } = provider
    const redeem = (code: string, more: Record<string, string> = {}) =>
      token({ grant_type: 'authorization_code', code, redirect_uri: callback, ...more })
    const code = await codeOf(provider)
    expect(await redeem(code, { redirect_uri: 'https://app.test/other' })).toMatchObject(
      refused('invalid_grant', 'redirect_uri is another one'),
    )
    const bySpa = { grant_type: 'authorization_code', code, redirect_uri: callback, client_id: 'spa' }
    expect(await post('/token', bySpa)).toMatchObject(refused('invalid_grant', 'issued to the client app'))
    expect(await redeem(code)).toMatchObject({ status: 200 })
    expect(await redeem(code)).toMatchObject(refused('invalid_grant', 'used before'))
    expect(await redeem('made-up')).toMatchObject(refused('invalid_grant', 'none that id/login issued'))
    const late = await codeOf(provider)
    await clock.advance(600_000)
    expect(await redeem(late)).toMatchObject(refused('invalid_grant', 'has expired'))
  })

  test('is proven by PKCE, which a client without secret must use', async () => {
    const provider = await start()
    const { authorize, post } = provider
    const asked = { client_id: 'spa', redirect_uri: 'https://spa.test/cb' }
    expect((await authorize(asked)).get('error')).toBe('invalid_request')
    const verifier = 'v'.repeat(43)
    const challenge = { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' }
    const code = (await authorize({ ...asked, ...challenge })).get('code') ?? ''
    const redeem = (more: Record<string, string>) =>
      post('/token', { grant_type: 'authorization_code', code, ...asked, ...more })
    expect(await redeem({})).toMatchObject(refused('invalid_grant', 'code_verifier is missing'))
    expect(await redeem({ code_verifier: 'w'.repeat(43) })).toMatchObject(refused('invalid_grant', 'does not fit'))
    expect(await redeem({ code_verifier: verifier })).toMatchObject({ status: 200 })
  })

  test('tells the client by redirect what is wrong, and the user where the client is not who it says', async () => {
    const { authorize, running } = await start()
    const wrong = await authorize({ redirect_uri: callback, response_type: 'token', state: 'x' })
    expect([wrong.get('error'), wrong.get('state')]).toEqual(['unsupported_response_type', 'x'])
    expect((await authorize({ redirect_uri: callback, scope: 'all' })).get('error')).toBe('invalid_scope')
    for (const query of [
      'client_id=nobody',
      'client_id=app&redirect_uri=https://evil.test/',
      'client_id=app&redirect_uri=x',
    ]) {
      const answer = await running.call('GET', `/authorize?response_type=code&${query}`)
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    }
  })
})

describe('refresh_token', () => {
  async function first() {
    const provider = await start()
    const { json } = await provider.token({
      grant_type: 'password',
      username: 'ada',
      password: 'x',
      scope: 'read write',
    })
    const refresh = (refresh_token: string, more = {}) =>
      provider.token({ grant_type: 'refresh_token', refresh_token, ...more })
    return { ...provider, refresh, given: json.refresh_token as string, access: json.access_token as string }
  }

  test('rotates: each counts once, and the next one goes on', async () => {
    const { refresh, given } = await first()
    const { json } = await refresh(given)
    expect(json.refresh_token).not.toBe(given)
    expect(await refresh(given)).toMatchObject(refused('invalid_grant', 'used before'))
    expect(await refresh(json.refresh_token)).toMatchObject({ status: 200 })
  })

  test('may narrow its scope and not widen it', async () => {
    const { refresh, given } = await first()
    expect(await refresh(given, { scope: 'openid' })).toMatchObject(refused('invalid_scope', 'openid was not granted'))
    expect(await refresh(given, { scope: 'read' })).toMatchObject({ status: 200, json: { scope: 'read' } })
  })

  test('of which several come at the same time lets one win', async () => {
    const { refresh, given } = await first()
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(given)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(400)])
  })

  test('is kept where the definition says so, and gives new access tokens again and again', async () => {
    const yaml = provider.replace('refresh_token: rotate', 'refresh_token: keep')
    const { token } = oauthClient(await startEngine({ yaml }))
    const { json } = await token({ grant_type: 'password', username: 'ada', password: 'x' })
    const refresh = () => token({ grant_type: 'refresh_token', refresh_token: json.refresh_token })
    for (const answer of [await refresh(), await refresh()]) {
      expect(answer.status).toBe(200)
      expect(answer.json).not.toHaveProperty('refresh_token')
    }
  })

  test('is revoked with all that came of its grant; an access token alone', async () => {
    const { refresh, given, access, post, get, token } = await first()
    const other = (await token({ grant_type: 'client_credentials' })).json.access_token
    expect(await post('/revoke', { ...app, token: other })).toMatchObject({ status: 200, json: null })
    expect(await get('/me', bearer(other))).toMatchObject({ status: 401 })
    expect(await get('/me', bearer(access))).toMatchObject({ status: 200 })
    expect(await post('/revoke', { ...app, token: given })).toMatchObject({ status: 200 })
    expect(await refresh(given)).toMatchObject(refused('invalid_grant', 'was revoked'))
    expect(await get('/me', bearer(access))).toMatchObject({ status: 401 })
    expect(await post('/revoke', { ...app, token: 'unknown' })).toMatchObject({ status: 200 })
    expect(await post('/revoke', { client_id: 'app', token: given })).toMatchObject({ status: 401 })
  })
})

describe('device_code', () => {
  test('is pending until the user consents, and slows down who polls too fast', async () => {
    const { post, token, clock } = await start()
    const { json } = await post('/device', { ...app, scope: 'read' })
    expect(json).toMatchObject({
      user_code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      verification_uri: 'http://127.0.0.1/device',
      expires_in: 1800,
      interval: 5,
    })
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    const poll = () => token({ grant_type, device_code: json.device_code })
    expect(await poll()).toMatchObject(refused('authorization_pending', 'not consented'))
    expect(await poll()).toMatchObject(refused('slow_down', 'every 10 s'))
    await clock.advance(10_000)
    expect(await poll()).toMatchObject({ status: 200, json: { scope: 'read', refresh_token: expect.any(String) } })
    expect(await poll()).toMatchObject(refused('invalid_grant', 'used before'))
  })

  test('is kept out of the journal, as every token is', async () => {
    const { engine, call, admin } = await startEngine({ yaml: provider })
    const { post, token } = oauthClient({ engine, call } as unknown as Running)
    const { json } = await post('/device', app)
    await token({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: json.device_code })
    const journal = async () => JSON.stringify((await admin('GET', '/imnot/admin/requests')).json)
    await expect.poll(journal).toContain('device_code=hash:')
    expect(await journal()).not.toContain(json.device_code)
  })

  test('waits, consents or refuses as a tester steers its flow', async () => {
    const { running, post, token } = await start()
    const known = new Set<string>()
    const begin = async () => {
      const { device_code } = (await post('/device', app)).json
      const flows = (await running.admin('GET', '/imnot/admin/flows')).json as { readonly id: string }[]
      const id = flows.find((flow) => !known.has(flow.id))?.id ?? ''
      known.add(id)
      return { device_code, id }
    }
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    const poll = (device_code: string) => token({ grant_type, device_code })
    const [one, two] = [await begin(), await begin()]
    expect((await running.admin('POST', `/imnot/admin/flows/${one.id}/complete`)).status).toBe(200)
    expect((await running.admin('POST', `/imnot/admin/flows/${two.id}/fail`)).status).toBe(200)
    expect(await poll(one.device_code)).toMatchObject({ status: 200 })
    expect(await poll(two.device_code)).toMatchObject(refused('access_denied', 'refused'))
  })

  test('expires, and waits for a time where the definition says so', async () => {
    const yaml = provider
      .replace('pending: { polls: 1 }', 'pending: { for: 30s }')
      .replace('interval: 5', 'interval: 0')
    const clock = manualClock()
    const { post, token } = oauthClient(await startEngine({ yaml, clock, storage: memoryStorage({ now: clock.now }) }))
    const begin = async () => (await post('/device', app)).json.device_code as string
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    const [one, two] = [await begin(), await begin()]
    const poll = (device_code: string) => token({ grant_type, device_code })
    expect(await poll(one)).toMatchObject({ json: { error: 'authorization_pending' } })
    await clock.advance(30_000)
    expect(await poll(one)).toMatchObject({ status: 200 })
    await clock.advance(1_800_000)
    expect(await poll(two)).toMatchObject({ status: 400, json: { error: 'expired_token' } })
  })
})

describe('operations', () => {
  test('introspect tells what a token says, and whether it counts', async () => {
    const { token, post, clock } = await start()
    const { json } = await token({ grant_type: 'password', username: 'ada', password: 'x', scope: 'read' })
    const introspect = async (text: string) => (await post('/introspect', { ...app, token: text })).json
    expect(await introspect(json.access_token)).toMatchObject({
      active: true,
      sub: 'ada',
      scope: 'read',
      client_id: 'app',
    })
    expect(await introspect(json.refresh_token)).toMatchObject({ active: true, sub: 'ada' })
    expect(await introspect('unknown')).toEqual({ active: false })
    await clock.advance(900_000)
    expect(await introspect(json.access_token)).toEqual({ active: false })
    expect(await post('/introspect', { token: json.access_token })).toMatchObject({ status: 401 })
  })

  test('discovery names every endpoint, also one that another datapoint advertises', async () => {
    const { get } = await start()
    expect((await get('/.well-known/openid-configuration')).json).toMatchObject({
      issuer: 'http://127.0.0.1',
      authorization_endpoint: 'http://127.0.0.1/authorize',
      token_endpoint: 'http://127.0.0.1/token',
      jwks_uri: 'http://127.0.0.1/jwks',
      userinfo_endpoint: 'http://127.0.0.1/userinfo',
      registration_endpoint: 'http://127.0.0.1/register',
      id_token_signing_alg_values_supported: ['ES256'],
    })
  })

  test('follow the prefix of a session, in the issuer and everywhere', async () => {
    const { running } = await start()
    const { base_url } = (await running.admin('POST', '/imnot/admin/sessions')).json
    const { get, token } = oauthClient(running, base_url)
    const { issuer, token_endpoint } = (await get('/.well-known/openid-configuration')).json
    expect([issuer, token_endpoint]).toEqual([`http://127.0.0.1${base_url}`, `http://127.0.0.1${base_url}/token`])
    const { json } = await token({ grant_type: 'client_credentials' })
    expect(decodeJwt(json.access_token).iss).toBe(issuer)
  })

  test('RS256 where the definition asks for it', async () => {
    const yaml = provider.replace('pattern: oauth', 'pattern: oauth\n    algorithm: RS256')
    const { get, token } = oauthClient(await startEngine({ yaml }))
    const { json } = await token({ grant_type: 'client_credentials' })
    const { keys } = (await get('/jwks')).json
    expect(keys).toEqual([expect.objectContaining({ kty: 'RSA', alg: 'RS256', use: 'sig' })])
    expect(keys[0]).not.toHaveProperty('d')
    await jwtVerify(json.access_token, createLocalJWKSet({ keys }))
    expect(await get('/me', bearer(json.access_token))).toMatchObject({ status: 200 })
  })

  test('error in a response makes the endpoint fail so', async () => {
    const failing = provider.replace(
      'path: /authorize }',
      'path: /authorize, responses: [{ when: { query: { login_hint: eve } }, response: { error: access_denied } }] }',
    )
    const yaml = failing.replace(
      'path: /token\n',
      'path: /token\n        responses: [{ times: 1, response: { error: temporarily_unavailable, status: 503 } }]\n',
    )
    const { authorize, token } = oauthClient(await startEngine({ yaml }))
    expect((await authorize({ redirect_uri: callback, login_hint: 'eve' })).get('error')).toBe('access_denied')
    expect((await authorize({ redirect_uri: callback })).get('code')).toEqual(expect.any(String))
    const grant = { grant_type: 'client_credentials' }
    expect(await token(grant)).toMatchObject({ status: 503, json: { error: 'temporarily_unavailable' } })
    expect(await token(grant)).toMatchObject({ status: 200 })
  })
})

describe('a session', () => {
  test('is carried by codes and refresh tokens, so that a client without header stays in it', async () => {
    const { running, get, token } = await start()
    const { session_id, base_url } = (await running.admin('POST', '/imnot/admin/sessions')).json
    const code = (await oauthClient(running, base_url).authorize({ redirect_uri: callback })).get('code') ?? ''
    const { json } = await token({ grant_type: 'authorization_code', code, redirect_uri: callback })
    const again = await token({ grant_type: 'refresh_token', refresh_token: json.refresh_token })
    const flows = (await running.admin('GET', '/imnot/admin/flows')).json as { flows: { session_id: string }[] }
    expect(JSON.stringify(flows)).toContain(session_id)
    expect(await get('/me', bearer(again.json.access_token))).toMatchObject({ status: 200 })
    await running.admin('DELETE', `/imnot/admin/sessions/${session_id}`)
    expect(await get('/me', bearer(again.json.access_token))).toMatchObject({ status: 401 })
    const gone = await token({ grant_type: 'refresh_token', refresh_token: again.json.refresh_token })
    expect(gone).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })
})

describe('a session that is gone', () => {
  test('takes in no revocation, whoever still has its tokens', async () => {
    const { running, storage, post } = await start()
    const { session_id, base_url } = (await running.admin('POST', '/imnot/admin/sessions')).json
    const inside = oauthClient(running, base_url)
    const [one, other] = await Promise.all(
      [1, 2].map(async () => (await inside.token({ grant_type: 'client_credentials' })).json.access_token),
    )
    expect(await post('/revoke', { ...app, token: one })).toMatchObject({ status: 200 })
    expect(await storage.list(`in/${session_id}/revoked/`)).toHaveLength(1)
    const elsewhere = (await running.admin('POST', '/imnot/admin/sessions')).json.base_url
    expect(await oauthClient(running, elsewhere).post('/revoke', { ...app, token: other })).toMatchObject({
      status: 200,
    })
    expect(await storage.list(`in/${session_id}/revoked/`)).toHaveLength(1)
    await running.admin('DELETE', `/imnot/admin/sessions/${session_id}`)
    expect(await post('/revoke', { ...app, token: other })).toMatchObject({ status: 200 })
    expect(await storage.list(`in/${session_id}/`)).toEqual([])
  })
})

describe('a grant is a flow', () => {
  const yaml = provider
    .replace('path: /authorize }', 'path: /authorize, capture: { tenant: query.tenant, user: query.login_hint } }')
    .replace(
      'claims: { role: "{{ request.body.role }}" }',
      'claims: { sub: "{{ flow.user }}", tenant: "{{ flow.tenant }}" }',
    )
    .replace('path: /userinfo }', 'path: /userinfo, response: { body: { of: "{{ flow.tenant }}" } } }')
    .replace('flow: "{{ flow.id }}"', 'tenant: "{{ flow.tenant }}"')

  async function loggedIn() {
    const clock = manualClock(Math.floor(Date.now() / 1000) * 1000)
    const storage = memoryStorage({ now: clock.now })
    const running = await startEngine({ yaml, storage, clock })
    const client = oauthClient(running)
    const asked = { redirect_uri: callback, login_hint: 'ada', tenant: 'north' }
    const code = (await client.authorize(asked)).get('code') ?? ''
    const { json } = await client.token({ grant_type: 'authorization_code', code, redirect_uri: callback })
    const flows = async () =>
      (await storage.list('global/flow/', { bodies: true })).map(({ value, body }) => ({ value, body }))
    return { ...client, running, clock, json, flows }
  }

  test('what authorize captures is seen by claims, by endpoints that the token is let in, and after a refresh', async () => {
    const { json, get, token } = await loggedIn()
    expect(decodeJwt(json.access_token)).toMatchObject({ sub: 'ada', tenant: 'north' })
    const again = await token({ grant_type: 'refresh_token', refresh_token: json.refresh_token })
    expect(decodeJwt(again.json.access_token)).toMatchObject({ sub: 'ada', tenant: 'north' })
    const sent = bearer(again.json.access_token)
    expect(await get('/me', sent)).toMatchObject({ json: { sub: 'ada', tenant: 'north' } })
    expect(await get('/userinfo', sent)).toMatchObject({ json: { of: 'north' } })
  })

  test('what was captured lives in the body of the record, and nothing of the client in its value', async () => {
    const { flows } = await loggedIn()
    const [flow] = await flows()
    expect(new TextDecoder().decode(flow?.body)).toContain('"tenant":"north"')
    expect(JSON.stringify(flow?.value)).not.toMatch(/north|ada|app/)
  })

  test('is gone once nothing counts any more that came of it', async () => {
    const { flows, running, authorize } = await loggedIn()
    await authorize({ redirect_uri: callback })
    expect(await flows()).toHaveLength(2)
    const advance = (by: string) =>
      running.admin('POST', '/imnot/admin/clock', {
        body: JSON.stringify({ advance: by }),
        headers: { 'content-type': 'application/json' },
      })
    await advance('10m')
    expect(await flows()).toHaveLength(1)
    await advance('30d')
    expect(await flows()).toHaveLength(0)
  })
})
