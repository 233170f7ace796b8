import { createHmac } from 'node:crypto'
import { keys } from '../keys.ts'
import type { StoredRecord } from '../ports/storage.ts'
import type { Secrets } from '../secrets.ts'
import type { ClientCredential } from './credentials.ts'
import type { BindingKind } from './session-rule.ts'

/** A credential that leads to a session, as the session's record keeps it. */
export type Binding = {
  readonly kind: BindingKind
  /** As people may see it; a secret only by its first characters. */
  readonly shown: string
  /** Of the record that leads to the session; the credential itself is in it as an HMAC. */
  readonly key: string
}

type BindingValue = { readonly session: string }

/** Where a credential's record would be, were it bound. */
export interface BindingPlace {
  readonly rule: BindingKind
  readonly key: string
}

/** A session that a credential leads to. */
export interface Bound extends BindingPlace {
  readonly session: string
}

/** Leads from credentials to sessions. */
export interface Bindings {
  /** Whether anything was ever bound, as far as this node knows. Else no request need be looked at. */
  areInUse(): boolean
  /** Told when the epoch was read: another node may have bound something. */
  learn(bound: number): void
  /** The credentials as a session's record keeps them; from now on requests are looked at. */
  bind(credentials: readonly ClientCredential[]): Promise<readonly Binding[]>
  placesOf(credentials: readonly ClientCredential[]): Promise<readonly BindingPlace[]>
  /** What this node has met last by one of these. Only what the storage says in the same reading makes it true. */
  recall(places: readonly BindingPlace[]): Bound | null
  remember(bound: Bound): void
}

const secretName = 'binding-key'
const mostRemembered = 20_000

export function createBindings(secrets: Secrets): Bindings {
  const met = new Map<string, string>()
  let inUse = false

  return {
    areInUse: () => inUse,
    learn(bound) {
      inUse ||= bound > 0
    },
    async bind(credentials) {
      if (credentials.length === 0) return []
      const secret = await secrets.bytes(secretName)
      inUse = true
      return credentials.map((credential) => bindingOf(secret, credential))
    },
    async placesOf(credentials) {
      if (credentials.length === 0) return []
      const secret = await secrets.bytes(secretName)
      return credentials.map(({ kind, value }) => ({ rule: kind, key: bindingKey(secret, kind, value) }))
    },
    recall(places) {
      for (const { rule, key } of places) {
        const session = met.get(key)
        if (session !== undefined) return { rule, key, session }
      }
      return null
    },
    remember({ key, session }) {
      if (met.size >= mostRemembered) met.clear()
      met.set(key, session)
    },
  }
}

/** The first of these credentials that is bound. */
export function boundIn(places: readonly BindingPlace[], record: (key: string) => StoredRecord | null): Bound | null {
  for (const { rule, key } of places) {
    const found = record(key)
    if (found !== null) return { rule, key, session: readBinding(found) }
  }
  return null
}

export function readBinding({ value }: StoredRecord): string {
  return (value as BindingValue).session
}

export function bindingValue(session: string): BindingValue {
  return { session }
}

function bindingOf(secret: Uint8Array, { kind, value }: ClientCredential): Binding {
  return { kind, shown: kind === 'api_key' ? withoutSecret(value) : value, key: bindingKey(secret, kind, value) }
}

/** Enough to tell one's keys apart, too little to use one. */
function withoutSecret(secret: string): string {
  return secret.length < 12 ? '…' : `${secret.slice(0, 4)}…`
}

function bindingKey(secret: Uint8Array, kind: BindingKind, value: string): string {
  return keys.binding(kind, createHmac('sha256', secret).update(`${kind}\n${value}`).digest('hex'))
}
