import * as oauth from 'oauth4webapi'
import { expect, test } from 'vitest'
import { servePartner } from '../support/serve-partner.ts'

const web: oauth.Client = { client_id: 'web' }
const tv: oauth.Client = { client_id: 'tv' }
const secret = oauth.ClientSecretBasic('web-secret')
const redirectUri = 'https://app.test/callback'
/** The mock has no certificate. */
const options = { [oauth.allowInsecureRequests]: true }

async function discover() {
  const { url, imnot } = await servePartner('oauth4webapi')
  const issuer = new URL(`${url}/accounts`)
  const found = await oauth.discoveryRequest(issuer, options)
  return { url, imnot, server: await oauth.processDiscoveryResponse(issuer, found) }
}

/** A user who logs in: their browser is sent to the provider, and back. */
async function login(server: oauth.AuthorizationServer, scope: string) {
  const verifier = oauth.generateRandomCodeVerifier()
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
  const asked = new URL(server.authorization_endpoint ?? '')
  asked.search = new URLSearchParams({
    client_id: web.client_id,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    login_hint: 'ada',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString()
  const redirect = await fetch(asked, { redirect: 'manual' })
  const back = new URL(redirect.headers.get('location') ?? '')
  const parameters = oauth.validateAuthResponse(server, web, back, state)
  const redeem = () =>
    oauth.authorizationCodeGrantRequest(server, web, secret, parameters, redirectUri, verifier, options)
  return { redeem, nonce }
}

test('the client logs a user in with PKCE, and accepts the id token by its signature, its nonce and its issuer', async () => {
  const { server, url } = await discover()
  const { redeem, nonce } = await login(server, 'openid profile orders')
  const answer = await redeem()
  const checks = { expectedNonce: nonce, requireIdToken: true }
  const tokens = await oauth.processAuthorizationCodeResponse(server, web, answer, checks)
  await oauth.validateApplicationLevelSignature(server, answer, options)
  expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'ada', aud: 'web', name: 'Ada Lovelace' })

  const info = await oauth.userInfoRequest(server, web, tokens.access_token, options)
  expect(await oauth.processUserInfoResponse(server, web, 'ada', info)).toMatchObject({ name: 'Ada Lovelace' })

  const orders = new URL(`${url}/orders`)
  const read = await oauth.protectedResourceRequest(tokens.access_token, 'GET', orders, undefined, null, options)
  expect(await read.json()).toEqual({ for: 'ada', orders: [7] })

  // The code was used: another try is told so.
  const again = oauth.processAuthorizationCodeResponse(server, web, await redeem(), checks)
  await expect(again).rejects.toMatchObject({ code: oauth.RESPONSE_BODY_ERROR, error: 'invalid_grant' })
})

test('a resource server accepts the access token by the published key', async () => {
  const { server } = await discover()
  const asked = await oauth.clientCredentialsGrantRequest(server, web, secret, { scope: 'orders' }, options)
  const { access_token: token } = await oauth.processClientCredentialsResponse(server, web, asked)
  const request = new Request('https://orders.test/orders', { headers: { authorization: `Bearer ${token}` } })
  const claims = await oauth.validateJwtAccessToken(server, request, 'https://orders.test', options)
  expect(claims).toMatchObject({ sub: 'web', client_id: 'web', scope: 'orders' })
})

test('refresh tokens rotate, and revoking one ends what came of it', async () => {
  const { server, url } = await discover()
  const { redeem, nonce } = await login(server, 'openid orders')
  const first = await oauth.processAuthorizationCodeResponse(server, web, await redeem(), { expectedNonce: nonce })
  const refresh = async (token = '') => {
    const answer = await oauth.refreshTokenGrantRequest(server, web, secret, token, options)
    return oauth.processRefreshTokenResponse(server, web, answer)
  }
  const second = await refresh(first.refresh_token)
  expect(oauth.getValidatedIdTokenClaims(second)?.sub).toBe('ada')
  await expect(refresh(first.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' })

  const revoked = await oauth.revocationRequest(server, web, secret, second.refresh_token ?? '', options)
  await oauth.processRevocationResponse(revoked)
  const shown = await oauth.introspectionRequest(server, web, secret, second.access_token, options)
  expect(await oauth.processIntrospectionResponse(server, web, shown)).toEqual({ active: false })
  const orders = new URL(`${url}/orders`)
  const read = oauth.protectedResourceRequest(second.access_token, 'GET', orders, undefined, null, options)
  await expect(read).rejects.toMatchObject({ code: oauth.WWW_AUTHENTICATE_CHALLENGE })
})

test('a device polls until its user has consented', async () => {
  const { server, imnot } = await discover()
  const asked = await oauth.deviceAuthorizationRequest(server, tv, oauth.None(), { scope: 'orders' }, options)
  const device = await oauth.processDeviceAuthorizationResponse(server, tv, asked)
  const poll = async () => {
    const answer = await oauth.deviceCodeGrantRequest(server, tv, oauth.None(), device.device_code, options)
    return oauth.processDeviceCodeResponse(server, tv, answer)
  }
  await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' })
  await expect(poll()).rejects.toMatchObject({ error: 'slow_down' })
  await imnot.clock.advance('10s')
  expect(await poll()).toMatchObject({ token_type: 'bearer', scope: 'orders' })
})

test('a client registers itself where the discovery document says', async () => {
  const { server } = await discover()
  const answer = await oauth.dynamicClientRegistrationRequest(server, { redirect_uris: [redirectUri] }, options)
  const client = await oauth.processDynamicClientRegistrationResponse(answer)
  expect(client).toMatchObject({ client_id: expect.stringMatching(/^app-/), redirect_uris: [redirectUri] })
})

test('a wrong secret is refused as the client expects it', async () => {
  const { server } = await discover()
  const wrong = oauth.ClientSecretBasic('wrong')
  const answer = await oauth.clientCredentialsGrantRequest(server, web, wrong, {}, options)
  const processed = oauth.processClientCredentialsResponse(server, web, answer)
  await expect(processed).rejects.toMatchObject({ code: oauth.WWW_AUTHENTICATE_CHALLENGE, status: 401 })
})

test('in a session of its own the whole login stays in that session, by its base URL', async () => {
  const { imnot, url } = await servePartner('oauth4webapi')
  const session = await imnot.sessions.create({ label: 'one tester' })
  const issuer = new URL(`${url}/imnot/s/${session.id}/accounts`)
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options))
  const { redeem, nonce } = await login(server, 'openid')
  const tokens = await oauth.processAuthorizationCodeResponse(server, web, await redeem(), { expectedNonce: nonce })
  expect(oauth.getValidatedIdTokenClaims(tokens)?.iss).toBe(issuer.href)
  expect(await session.flows.list()).toHaveLength(1)
})
