import { type OauthDatapoint, parsePath } from '@imnot/schema'
import type { Exchange } from '../handling/exchange.ts'
import type { Scope } from '../rendering/scope.ts'
import { compileTemplate } from '../rendering/template.ts'
import { toText } from '../rendering/to-text.ts'

/** The issuer's identifier for a request: what stands in `iss`, and before `/.well-known/…`. */
export type IssuerOf = (exchange: Exchange, scope: Scope) => string

/** As declared, else the server's own URL with what stands before the discovery document's well-known path (RFC 8414, section 3). */
export function compileIssuer({ issuer, endpoints }: OauthDatapoint): IssuerOf {
  if (issuer !== undefined) {
    const template = compileTemplate(issuer)
    return (_exchange, scope) => toText(template(scope))
  }
  const discovery = endpoints.find(({ operation }) => operation === 'discovery')
  const path = discovery === undefined ? '' : placeOf(discovery.path)
  return (exchange) => urlOf(exchange, path)
}

const openId = '/.well-known/openid-configuration'
const oauth = '/.well-known/oauth-authorization-server'

/** OpenID Connect puts its well-known path behind the issuer's, RFC 8414 in front of it. */
function placeOf(path: string): string {
  if (path.endsWith(openId)) return path.slice(0, -openId.length)
  if (path.endsWith(oauth)) return path.slice(0, -oauth.length)
  return path.startsWith(oauth) ? path.slice(oauth.length) : ''
}

/** The URL of one of the partner's paths; parameters have the values that this request has for them. */
export function urlOf({ baseUrl, params }: Exchange, path: string): string {
  const parsed = parsePath(path)
  if (!parsed.ok || parsed.parameters.length === 0) return baseUrl + path
  return baseUrl + path.replaceAll(/(?<!\\)\{([A-Za-z_]\w*)\*?\}/g, (all, name: string) => params[name] ?? all)
}
