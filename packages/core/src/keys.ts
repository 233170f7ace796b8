import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'

/**
 * Every key that imnot writes. What belongs to a session begins with the session's own prefix, so that one listing finds
 * all that must go with it.
 */
export const keys = {
  /** Changed by whoever changes definitions or the global clock; every node watches it. */
  epoch: 'epoch',
  secret: (name: string) => `secret/${name}`,
  definitions: 'definition/',
  definition: (partner: string) => `definition/${part(partner)}`,
  sessions: 'session/',
  session: (id: string) => `session/${part(id)}`,
  label: (label: string) => `label/${part(label)}`,
  /** A credential that leads to a session; `hmac` is of the credential. */
  binding: (kind: string, hmac: string) => `binding/${kind}/${hmac}`,
  /** Everything in the scope: a session's id, or null for the global scope. */
  scope: (session: string | null) => (session === null ? 'global/' : `in/${part(session)}/`),
  payloads: (scope: string) => `${scope}payload/`,
  /** `params`: the values of path parameters that it is for; without them the general one. */
  payload: (scope: string, partner: string, datapoint: string, params: Readonly<Record<string, string>> = {}) =>
    [`${scope}payload`, part(partner), part(datapoint), ...Object.entries(params).sort(byName).flat().map(part)].join(
      '/',
    ),
  flows: (scope: string) => `${scope}flow/`,
  flowsOfId: (scope: string, id: string) => `${scope}flow/${part(id)}/`,
  flow: (scope: string, id: string, partner: string, datapoint: string) =>
    `${scope}flow/${part(id)}/${part(partner)}/${part(datapoint)}`,
  records: (scope: string) => `${scope}record/`,
  /** The records of a resource that have these values of its scoping parameters, or these and more. */
  recordsOf: (scope: string, partner: string, resource: string, params: readonly string[]) =>
    `${scope}record/${[partner, resource, ...params].map(part).join('/')}/`,
  /** All path parameters of a record together, its id last. */
  record: (scope: string, partner: string, resource: string, params: readonly string[], id: string) =>
    `${scope}record/${[partner, resource, ...params, id].map(part).join('/')}`,
  /** Which record has a value that no two may have. */
  unique: (scope: string, partner: string, resource: string, names: readonly string[]) =>
    `${scope}unique/${[partner, resource, ...names].map(part).join('/')}`,
  /** That the token of this id counts no longer. */
  revocation: (scope: string, id: string) => `${scope}revoked/${part(id)}`,
  /** The answer that a request with this key of the client's got. `names` tell of what endpoint, and the key last. */
  idempotent: (scope: string, ...names: readonly string[]) => `${scope}idempotent/${names.map(part).join('/')}`,
  aliases: (scope: string) => `${scope}alias/`,
  /** A generated id that leads to its flow. */
  alias: (scope: string, partner: string, datapoint: string, name: string, id: string) =>
    `${scope}alias/${[partner, datapoint, name, id].map(part).join('/')}`,
  deliveries: (scope: string) => `${scope}delivery/`,
  delivery: (scope: string, id: string) => `${scope}delivery/${part(id)}`,
  /** A record of a pattern of a user's own. */
  own: (scope: string, partner: string, datapoint: string, ...names: readonly string[]) =>
    [`${scope}own`, ...[partner, datapoint, ...names].map(part)].join('/'),
  journal: (scope: string) => `${scope}journal/`,
  /** In the order of time. */
  journalChunk: (scope: string, at: number, unique: string) =>
    `${scope}journal/${Math.floor(at).toString(16).padStart(12, '0')}-${unique}`,
  /** A counter; `names` tell of what. */
  counter: (scope: string, ...names: readonly string[]) => `${scope}counter/${names.map(part).join('/')}`,
  /** The order of the deliveries of a flow or a record, whose own key within the scope is `owner`. */
  lane: (scope: string, owner: string) => `${scope}lane/${owner}`,
  /** Which session an unguessable id belongs to. Ids of the global scope have none. */
  owners: 'id/',
  ownersOfId: (id: string) => `id/${part(id)}/`,
  owner: (id: string, partner: string, datapoint: string) => `id/${part(id)}/${part(partner)}/${part(datapoint)}`,
} as const

export const queues = { deliveries: 'deliveries', flows: 'flows', sessions: 'sessions' } as const

const longestPart = 100

function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1
}

/** Printable ASCII without `/`. What is longer than 100 bytes is hashed; `=` never comes from encoding, so that none can pose as a hash. */
function part(text: string): string {
  const encoded = encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'))
  return encoded.length <= longestPart ? encoded : `=${createHash('sha256').update(text).digest('hex')}`
}
