import { refusal } from '../../answers/refusal.ts'
import { compileCapture } from '../../flows/capture.ts'
import type { Moment } from '../../handling/moment.ts'
import { respond } from '../../http/respond.ts'
import type { EndpointBehaviour, Plan } from '../../patterns/pattern.ts'
import { readsBody } from '../../rendering/renderer.ts'
import { beginGrant } from '../begin-grant.ts'
import { type Client, grantedScope } from '../clients.ts'
import { type Fields, fieldsOf, listOf } from '../fields.ts'
import { isOauthError, type OauthError, oauthError } from '../oauth-error.ts'
import { compileProvider, type OauthContext } from '../provider.ts'

/** The user whom a client names by `login_hint`, else this one. */
const anyUser = 'user'

/** RFC 6749, section 4.1.1: the user consents at once, and is sent back with a code. */
export function compileAuthorize(context: OauthContext): EndpointBehaviour {
  const { partner, datapoint, endpoint, options } = context
  const { status, expires_in: expiresIn, error, error_description: errorDescription } = endpoint.response
  const provider = compileProvider(context)
  const capture = compileCapture(endpoint.capture, options)

  async function redirect(fields: Fields, client: Client, uri: string, moment: Moment): Promise<Plan> {
    const { exchange, scope } = moment
    const state = fields('state')
    const back = (parameters: Readonly<Record<string, string>>): Plan['answer'] => {
      const iss = provider.issuerOf(exchange, scope)
      const location = withParameters(uri, { ...parameters, ...(state !== null && { state }), iss }, fields)
      return respond(status, [...provider.headersOf(scope), 'location', location])
    }
    const failure = error === undefined ? faultOf(fields, client) : oauthError(error, errorDescription ?? error)
    if (failure !== null) return { answer: back({ error: failure.error, error_description: failure.description }) }
    const granted = grantedScope(client, fields('scope'))
    if (granted !== null && typeof granted === 'object') {
      return { answer: back({ error: granted.error, error_description: granted.description }) }
    }
    const challenge = fields('code_challenge')
    const nonce = fields('nonce')
    const audience = fields('audience') ?? fields('resource')
    const { code, flow } = await beginGrant(provider, moment, {
      kind: 'code',
      partner,
      datapoint: datapoint.name,
      expiresIn,
      capture,
      content: {
        client: client.id,
        scope: granted,
        redirectUri: fields('redirect_uri'),
        claims: { sub: fields('login_hint') ?? anyUser },
        authTime: Math.floor(moment.situation.now / 1000),
        ...(challenge !== null && {
          challenge: { method: fields('code_challenge_method') ?? 'plain', value: challenge },
        }),
        ...(nonce !== null && { nonce }),
        ...(audience !== null && { audience }),
      },
    })
    return { answer: back({ code }), flow }
  }

  return {
    readsBody: endpoint.method.includes('POST') || readsBody(capture.reads),
    async plan(moment) {
      const fields = fieldsOf(moment.exchange)
      const client = provider.clients.find(fields('client_id'))
      if (isOauthError(client)) return { answer: refuse(client.description) }
      const uri = redirectUriOf(client, fields('redirect_uri'))
      if (typeof uri !== 'string') return { answer: refuse(uri.description) }
      return redirect(fields, client, uri, moment)
    },
  }
}

/** A client that is not who it says must not be sent anything (RFC 6749, section 4.1.2.1): the user is told instead. */
function refuse(description: string) {
  const detail = `The authorization request cannot be answered by a redirect: ${description}.`
  return refusal('invalid', detail, { status: 400 })
}

function redirectUriOf({ declared }: Client, asked: string | null): string | OauthError {
  const allowed = declared?.redirect_uris
  if (asked === null) {
    const [only] = allowed ?? []
    if (allowed?.length === 1 && only !== undefined) return only
    return oauthError('invalid_request', 'redirect_uri is missing')
  }
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/.test(asked) || asked.includes('#')) {
    return oauthError('invalid_request', 'redirect_uri is no absolute URI without fragment')
  }
  if (allowed === undefined || allowed.includes(asked)) return asked
  return oauthError('invalid_request', `redirect_uri is none of those of the client: ${allowed.join(', ')}`)
}

function faultOf(fields: Fields, { declared }: Client): OauthError | null {
  const type = fields('response_type')
  if (type === null) return oauthError('invalid_request', 'response_type is missing; it must be code')
  if (type !== 'code') return oauthError('unsupported_response_type', `response_type must be code, and not ${type}`)
  const challenge = fields('code_challenge')
  const method = fields('code_challenge_method') ?? 'plain'
  if (challenge !== null && !['S256', 'plain'].includes(method)) {
    return oauthError('invalid_request', `code_challenge_method must be S256 or plain, and not ${method}`)
  }
  const isPublic = declared !== null && declared.secret === undefined && declared.secret_env === undefined
  if (challenge === null && isPublic) {
    return oauthError('invalid_request', 'code_challenge is missing; a client without secret proves itself by PKCE')
  }
  // OpenID Connect Core 1.0, section 3.1.2.6: nobody is there to be asked.
  const prompts = listOf(fields('prompt'))
  return prompts.includes('none') && prompts.length > 1
    ? oauthError('invalid_request', 'prompt=none goes with no other prompt')
    : null
}

/** Beside the parameters that the URI has already. */
function withParameters(uri: string, parameters: Readonly<Record<string, string>>, fields: Fields): string {
  const text = new URLSearchParams(parameters).toString()
  if (fields('response_mode') === 'fragment') return `${uri}#${text}`
  return `${uri}${uri.includes('?') ? '&' : '?'}${text}`
}
