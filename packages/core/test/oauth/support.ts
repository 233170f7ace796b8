import { createHash } from 'node:crypto'
import type { Running } from '../support/start-engine.ts'

/** A partner with every grant and every operation. */
export const provider = `partner: id
datapoints:
  - name: login
    pattern: oauth
    clients:
      - { id: app, secret: s3cret, redirect_uris: ["https://app.test/cb"], scopes: [openid, read, write] }
      - { id: spa, redirect_uris: ["https://spa.test/cb"] }
    claims: { role: "{{ request.body.role }}" }
    endpoints:
      - { operation: discovery, method: GET, path: /.well-known/openid-configuration }
      - { operation: jwks, method: GET, path: /jwks }
      - { operation: authorize, method: GET, path: /authorize }
      - { operation: device, method: POST, path: /device, pending: { polls: 1 }, response: { interval: 5 } }
      - { operation: introspect, method: POST, path: /introspect }
      - { operation: revoke, method: POST, path: /revoke }
      - { operation: userinfo, method: GET, path: /userinfo }
      - grant: [authorization_code, refresh_token, password, client_credentials, device_code, jwt_bearer]
        method: POST
        path: /token
        response: { expires_in: 900, refresh_token: rotate, id_token: true, extra: { tenant: "of {{ token.sub }}" } }
  - name: api
    pattern: static
    endpoints:
      - { method: GET, path: /me, auth: login, response: { body: { sub: "{{ token.sub }}", flow: "{{ flow.id }}" } } }
      - { method: POST, path: /register, advertise: registration_endpoint, response: { status: 201 } }
`

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
export type Answer = { readonly status: number; readonly headers: Headers; readonly json: any }

export type Form = Readonly<Record<string, string>>

export interface OauthClient {
  post(path: string, form: Form, headers?: Record<string, string>): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** An authorization request; the parameters of the redirect that answers it. */
  authorize(parameters: Form): Promise<URLSearchParams>
  /** A token request of the client `app`. */
  token(form: Form): Promise<Answer>
}

export const app = { client_id: 'app', client_secret: 's3cret' }

export function oauthClient(running: Running, base = ''): OauthClient {
  const call = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Answer> => {
    const response = await running.call(method, base + path, { headers, ...(body !== undefined && { body }) })
    const text = await response.text()
    return { status: response.status, headers: response.headers, json: text === '' ? null : JSON.parse(text) }
  }
  const client: OauthClient = {
    post: (path, form, headers = {}) =>
      call(
        'POST',
        path,
        { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        new URLSearchParams(form).toString(),
      ),
    get: (path, headers = {}) => call('GET', path, headers),
    async authorize(parameters) {
      const query = new URLSearchParams({ response_type: 'code', client_id: 'app', ...parameters })
      const response = await running.call('GET', `${base}/authorize?${query}`)
      if (response.status !== 302) throw new Error(`${response.status} ${await response.text()}`)
      return new URL(response.headers.get('location') ?? '').searchParams
    },
    token: (form) => client.post('/token', { ...app, ...form }),
  }
  return client
}

export const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
