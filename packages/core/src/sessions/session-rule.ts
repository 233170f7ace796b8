/**
 * Which rule has chosen the session of a request. In the order of precedence: the first that applies. A request that none
 * applies to is in the global scope.
 */
export const sessionRules = [
  /** The base URL names it: `/imnot/s/{session}/…`. */
  'prefix',
  /** The header `X-Imnot-Session` names it. */
  'header',
  /** A token that the mock issued in it. */
  'token',
  /** A credential that was bound to it, from the one that says most to the one that says least. */
  'client_id',
  'api_key',
  'basic',
  'host',
  /** An unguessable id that was generated in it. */
  'flow',
] as const

export type SessionRule = (typeof sessionRules)[number]

/** What a session can be bound to; so they are called in the admin API. */
export const bindingKinds = ['client_id', 'api_key', 'basic', 'host'] as const satisfies readonly SessionRule[]

export type BindingKind = (typeof bindingKinds)[number]

/** Whether the session was chosen by a key, a client or a user that is bound to it: an endpoint's `auth` is content with that. A host name is none. */
export function isByBoundCredential(rule: SessionRule | null): boolean {
  return rule === 'client_id' || rule === 'api_key' || rule === 'basic'
}
