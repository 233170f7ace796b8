import { adminPath, type Caller } from '../caller.ts'
import type { Connection } from '../connection.ts'
import type { SessionInfo } from '../shapes.ts'
import { createSession, type Session, type SessionAnswer } from './session.ts'

export interface Sessions {
  /** Throws `CONFLICT` where a live session has the label, or is bound to one of the credentials. */
  create(options?: CreateSession): Promise<Session>
  /**
   * Makes a session of an exported one. Throws `CONFLICT` where the label is taken, or a partner is served there from another
   * definition; `REQUEST_INVALID` for a file that is none or is damaged.
   */
  import(file: Uint8Array | string, options?: ImportSession): Promise<Session>
  /** By id or label. */
  get(idOrLabel: string): Promise<Session>
  /** Newest first. */
  list(): Promise<SessionInfo[]>
  /** By id or label, with everything in it. */
  delete(idOrLabel: string): Promise<void>
  /** Every session of everybody; resolves to how many there were. */
  deleteAll(): Promise<number>
}

export interface CreateSession {
  /** A name of your own for it, such as the ticket; unique among live sessions. */
  readonly label?: string | undefined
  /** How long it lives unused: `30m`, `7d`. @default '7d' */
  readonly ttl?: string | undefined
  /** Never falls back to global payloads and flows. @default false */
  readonly isolated?: boolean | undefined
  /** Begin as a copy of this session, by id or label: payloads, flows, records and clock; not its callbacks and its journal. @default empty */
  readonly from?: string | undefined
  /** Credentials that lead to it, for consumers that can be given no header and no base URL. @default none */
  readonly bind?: SessionBindings | undefined
}

export interface ImportSession {
  /** @default the one that it had */
  readonly label?: string | undefined
  /** Where a partner is served there from another definition: keep that one, or replace it by the one of the file. @default 'refuse' */
  readonly definitions?: 'refuse' | 'keep' | 'replace' | undefined
}

/** Each may be one or a list. A credential leads to one live session at most. */
export interface SessionBindings {
  /** Id of an OAuth client; the tokens that it gets lead to the session, too. */
  readonly clientId?: string | readonly string[] | undefined
  /** Wherever the consumer sends it: in a header, in the query, as Bearer token. */
  readonly apiKey?: string | readonly string[] | undefined
  /** User of Basic authentication. */
  readonly basic?: string | readonly string[] | undefined
  /** Host name that the consumer calls. */
  readonly host?: string | readonly string[] | undefined
}

export function createSessions(connection: Connection, call: Caller): Sessions {
  return {
    async create({ bind, ...options } = {}) {
      const answer = await call.json<SessionAnswer>('POST', adminPath('sessions'), {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...options, bind: bind && bindingsOf(bind) }),
      })
      return createSession(connection, call, answer)
    },
    async import(file, { label, definitions } = {}) {
      const answer = await call.json<SessionAnswer>('POST', adminPath('sessions', 'import'), {
        query: { label, definitions },
        headers: { 'content-type': 'application/x-ndjson' },
        body: file,
      })
      return createSession(connection, call, answer)
    },
    async get(idOrLabel) {
      return createSession(connection, call, await call.json('GET', adminPath('sessions', idOrLabel)))
    },
    list: () => call.json('GET', adminPath('sessions')),
    async delete(idOrLabel) {
      await call('DELETE', adminPath('sessions', idOrLabel))
    },
    async deleteAll() {
      const { deleted } = await call.json<{ readonly deleted: number }>('DELETE', adminPath('sessions'), {
        query: { all: 'true' },
      })
      return deleted
    },
  }
}

function bindingsOf({ clientId: client_id, apiKey: api_key, basic, host }: SessionBindings) {
  return { client_id, api_key, basic, host }
}
