import type { FlowState } from '../flows/flow-record.ts'
import type { Moment } from '../handling/moment.ts'
import type { Claims } from '../tokens/tokens.ts'
import type { Client } from './clients.ts'
import type { Fields } from './fields.ts'
import type { Grant } from './grant.ts'
import type { Members } from './members.ts'
import type { OauthError } from './oauth-error.ts'
import type { Provider } from './provider.ts'

/** A token request whose client is known. */
export interface Asked {
  readonly provider: Provider
  readonly fields: Fields
  readonly client: Client
  readonly moment: Moment
  /** What the code or the refresh token in it says; null where it has none of ours. */
  readonly grant: Grant | null
}

/** What a token request has a right to. */
export interface Granted {
  readonly subject: string
  readonly scope: string | null
  readonly audience: string | null
  /** What the tokens of this grant had before, beside the usual claims. */
  readonly claims?: Claims
  /** The flow that the grant is; null where there is none yet. */
  readonly flow: FlowState | null
  /** Whether a refresh token may come with it, where the endpoint gives any. */
  readonly isRefreshable: boolean
  /** Used again and not for the first time: a refresh token that is kept changes nothing. */
  readonly isRenewal?: boolean
  readonly nonce?: string | undefined
  readonly authTime?: number | undefined
  /** Further members of the answer. */
  readonly more?: Members
}

/** How one `grant_type` is answered. */
export type GrantKind = (asked: Asked) => Granted | OauthError | Promise<Granted | OauthError>
