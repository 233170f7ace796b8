import type { OauthDatapoint } from '@imnot/schema'
import { compileHeaders, mergeHeaders } from '../answers/headers.ts'
import type { CompileContext } from '../patterns/pattern.ts'
import { readsOf } from '../rendering/renderer.ts'
import type { Scope } from '../rendering/scope.ts'
import type { SignatureAlgorithm } from '../tokens/signing-keys.ts'
import type { Tokens } from '../tokens/tokens.ts'
import { type Clients, compileClients } from './clients.ts'
import type { GrantTexts } from './grant.ts'
import { compileIssuer, type IssuerOf } from './issuer.ts'
import { neverStored } from './oauth-error.ts'

export type OauthContext = CompileContext<OauthDatapoint>

/** What all endpoints of one datapoint of pattern oauth have in common, and the headers of one of them. */
export interface Provider {
  /** `partner/datapoint`. */
  readonly name: string
  readonly partner: string
  readonly clients: Clients
  readonly issuerOf: IssuerOf
  readonly algorithm: SignatureAlgorithm
  readonly tokens: Tokens
  readonly grants: GrantTexts
  /** Of every answer of the endpoint, names and values by turns. */
  readonly headersOf: (scope: Scope) => readonly string[]
  /** As in `Renderer`. */
  readonly reads: readonly string[]
}

export function compileProvider({ partner, datapoint, endpoint, options, services }: OauthContext): Provider {
  const { tokens, grants, environment } = services
  const headers = compileHeaders(mergeHeaders(neverStored, endpoint.response.headers), options)
  return {
    name: `${partner}/${datapoint.name}`,
    partner,
    clients: compileClients(datapoint.clients, { realm: partner, environment }),
    issuerOf: compileIssuer(datapoint),
    algorithm: datapoint.algorithm,
    tokens,
    grants,
    headersOf: headers,
    reads: readsOf([headers]),
  }
}
