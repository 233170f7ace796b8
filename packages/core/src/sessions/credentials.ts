import { Buffer } from 'node:buffer'
import type { Exchange } from '../handling/exchange.ts'
import { isSecretName } from '../http/secret-name.ts'
import type { BindingKind } from './session-rule.ts'

/** Something that a request shows and that a session may be bound to. */
export interface ClientCredential {
  readonly kind: BindingKind
  readonly value: string
}

/** More than any client sends; each is a key to read. */
const most = 16

/**
 * Every credential of the request, in the order in which they choose a session. An API key may be anywhere that keys are
 * sent: in a header or a query parameter named so, as Bearer token, or as one half of Basic.
 */
export function credentialsOf(exchange: Exchange): ClientCredential[] {
  const authorization = readAuthorization(exchange.header('authorization'))
  const { user = null, password = null, token = null } = authorization
  const found: ClientCredential[] = []
  const add = (kind: BindingKind, value: unknown) => {
    const isNew = !found.some((one) => one.kind === kind && one.value === value)
    if (typeof value === 'string' && value !== '' && isNew && found.length < most) found.push({ kind, value })
  }
  // RFC 6749, section 2.3.1: the id of the client is the user of Basic, form-encoded, or a field of the form.
  if (user !== null) add('client_id', formDecoded(user))
  if (exchange.bytes.byteLength > 0) add('client_id', exchange.bodyValue('client_id'))
  add('client_id', exchange.query('client_id'))
  add('api_key', token)
  for (const [name, value] of exchange.request.headers.entries?.() ?? []) {
    if (name.toLowerCase() !== 'authorization' && isSecretName(name)) add('api_key', value)
  }
  for (const [name, value] of Object.entries(exchange.view.query)) {
    if (isSecretName(name)) add('api_key', [value].flat()[0])
  }
  add('api_key', user)
  add('api_key', password)
  add('basic', user)
  for (const host of hostsOf(exchange.header('host'))) add('host', host)
  return found
}

/** As it is sent, with its port and without. */
function hostsOf(header: string | null): string[] {
  const host =
    header
      ?.trim()
      .toLowerCase()
      .replace(/\.(?=$|:)/, '') ?? ''
  return host === '' ? [] : [host, host.replace(/:\d+$/, '')]
}

interface Authorization {
  readonly user?: string
  readonly password?: string
  readonly token?: string
}

/** A key may come with a scheme of any name, or with none. */
function readAuthorization(header: string | null): Authorization {
  const [, scheme = '', rest = ''] = /^(?:(\S+) +)?(\S.*?)\s*$/.exec(header ?? '') ?? []
  if (scheme.toLowerCase() !== 'basic') return rest === '' ? {} : { token: rest }
  const text = Buffer.from(rest, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon === -1 ? { user: text } : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
