import type { DeclaredClient } from '@imnot/schema'
import { basicOf } from '../auth/fixed-ways.ts'
import { isSameSecret } from '../auth/same-secret.ts'
import type { Exchange } from '../handling/exchange.ts'
import { decodeClaims } from '../tokens/tokens.ts'
import { type Fields, listOf } from './fields.ts'
import { invalidClient, type OauthError, oauthError } from './oauth-error.ts'

/** Who asks: a declared client, or whatever id came where none are declared. */
export interface Client {
  readonly id: string | null
  readonly declared: DeclaredClient | null
}

export interface Clients {
  /** Whoever sends the request, with the secret checked where there is one. */
  authenticate(exchange: Exchange, fields: Fields): Client | OauthError
  /** By the id alone, as an authorization request names it. */
  find(id: string | null): Client | OauthError
}

export interface ClientOptions {
  readonly realm: string
  readonly environment: (name: string) => string | undefined
}

export function compileClients(declared: readonly DeclaredClient[] | undefined, options: ClientOptions): Clients {
  const { realm, environment } = options
  const known = declared === undefined ? null : new Map(declared.map((client) => [client.id, client]))
  const names = [...(known?.keys() ?? [])].join(', ')

  function find(id: string | null): Client | OauthError {
    if (known === null) return { id, declared: null }
    if (id === null)
      return oauthError('invalid_client', `client_id is missing; the clients are ${names}`, { status: 401 })
    const client = known.get(id)
    if (client !== undefined) return { id, declared: client }
    return oauthError('invalid_client', `there is no client ${id}; the clients are ${names}`, { status: 401 })
  }

  return {
    find,
    authenticate(exchange, fields) {
      const basic = basicOf(exchange.header('authorization'))
      const { id, secret } = shown(basic, fields)
      const client = find(id)
      if ('error' in client) return { ...client, ...invalidClient(client.description, realm, basic !== null) }
      if (client.declared === null) return client
      const fault = faultOf(client.declared, secret, environment)
      return fault === null ? client : invalidClient(fault, realm, basic !== null)
    },
  }
}

/** RFC 6749, section 2.3.1: both parts of Basic are form-encoded. An assertion (RFC 7523) names its client as subject. */
function shown(basic: ReturnType<typeof basicOf>, fields: Fields) {
  if (basic !== null) return { id: formDecoded(basic.username), secret: formDecoded(basic.password) }
  const assertion = fields('client_assertion')
  const subject = assertion === null ? undefined : decodeClaims(assertion)?.sub
  return { id: fields('client_id') ?? (typeof subject === 'string' ? subject : null), secret: fields('client_secret') }
}

function faultOf(
  { id, secret, secret_env: variable }: DeclaredClient,
  given: string | null,
  environment: ClientOptions['environment'],
): string | null {
  if (secret === undefined && variable === undefined) return null
  const expected = secret ?? environment(variable ?? '')
  if (!expected)
    return `the secret of ${id} cannot be checked: the environment variable ${variable} of imnot is not set`
  if (given === null) return `the secret of ${id} is missing; send it by HTTP Basic or as client_secret`
  return isSameSecret(given, expected) ? null : `the secret of ${id} is wrong`
}

/** The scope that is granted: what is asked for, else all that the client may have. */
export function grantedScope({ declared }: Client, asked: string | null): string | null | OauthError {
  const allowed = declared?.scopes
  if (allowed === undefined) return asked
  const foreign = listOf(asked).filter((scope) => !allowed.includes(scope))
  if (foreign.length > 0) {
    const description = `the client may not have ${foreign.join(' ')}; it may have ${allowed.join(' ')}`
    return oauthError('invalid_scope', description)
  }
  return asked ?? allowed.join(' ')
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
