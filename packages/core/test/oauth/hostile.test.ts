import { expect, test } from 'vitest'
import { startEngine } from '../support/start-engine.ts'
import { app, oauthClient, provider } from './support.ts'

const texts = [
  '',
  'x',
  '\u0000',
  '"\\\r\nSet-Cookie: a=b',
  'ü💥',
  'a.b.c',
  'e30.e30.e30',
  'A'.repeat(20_000),
  '{{ 1 }}',
  '__proto__',
]
const grants = ['authorization_code', 'refresh_token', 'password', 'client_credentials', 'none']
const fields = [
  'code',
  'refresh_token',
  'device_code',
  'username',
  'scope',
  'client_id',
  'redirect_uri',
  'token',
  'state',
]

test('whatever is sent to an endpoint for tokens is answered, and never with a failure of the server', async () => {
  const running = await startEngine({ yaml: provider })
  const { post } = oauthClient(running)
  const statuses = new Set<number>()
  for (const text of texts) {
    const every = Object.fromEntries(fields.map((field) => [field, text]))
    for (const grant_type of grants) {
      statuses.add(
        (await post('/token', { ...app, grant_type, code: text, refresh_token: text, username: text })).status,
      )
    }
    for (const path of ['/token', '/introspect', '/revoke', '/device']) statuses.add((await post(path, every)).status)
    const query = new URLSearchParams({
      ...every,
      client_id: 'app',
      response_type: 'code',
      redirect_uri: 'https://app.test/cb',
    })
    const redirect = await running.call('GET', `/authorize?${query}`)
    expect(redirect.headers.get('set-cookie')).toBeNull()
    statuses.add(redirect.status)
    const json = JSON.stringify({
      grant_type: [text],
      client_id: { [text]: text },
      client_secret: [[text]],
      code: null,
    })
    const headers = {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(text).toString('base64')}`,
    }
    statuses.add((await running.call('POST', '/token', { body: json, headers })).status)
    const sendable = text.replaceAll(/[^\x20-\x7e]/g, '')
    const shown = await running.call('GET', '/userinfo', { headers: { authorization: `Bearer ${sendable}` } })
    statuses.add(shown.status)
  }
  expect([...statuses].filter((status) => ![200, 302, 400, 401].includes(status))).toEqual([])
})
