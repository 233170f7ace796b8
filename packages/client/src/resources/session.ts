import { isApiError } from '../api-error.ts'
import { adminPath, type Caller } from '../caller.ts'
import type { Connection } from '../connection.ts'
import { createFetch, type Fetch } from '../mock-fetch.ts'
import type { DeliveryInfo, SessionInfo } from '../shapes.ts'
import { type ClockApi, createClock } from './clock.ts'
import { createDeliveries, type SessionDeliveries } from './deliveries.ts'
import { createFlows, createSessionFlows, type SessionFlows } from './flows.ts'
import { createPayloads, type Payloads } from './payloads.ts'
import { createReport, type Report } from './report.ts'
import { createRequests, createSessionRequests, type SessionRequests } from './requests.ts'

/** One tester's isolated world. `await using` deletes it at the end of the block. */
export interface Session extends AsyncDisposable {
  readonly id: string
  readonly label: string | null
  /** For consumers that can only be given a base URL. */
  readonly baseUrl: string
  /** For consumers that can send a header: `X-Imnot-Session`, with the id. */
  readonly headers: Readonly<Record<string, string>>
  /** Admits to this session's admin routes alone. Told once, at creation; null afterwards. */
  readonly token: string | null
  /** What was known of it when this handle was made. */
  readonly info: SessionInfo
  /** As the global `fetch`, for consumers that can be given one: goes to this session, whatever host the URL names. */
  readonly fetch: Fetch
  readonly payloads: Payloads
  readonly flows: SessionFlows
  readonly deliveries: SessionDeliveries
  readonly clock: ClockApi
  readonly requests: SessionRequests
  /** What is known of it now. */
  inspect(): Promise<SessionInfo>
  /** How the consumer in it has behaved. */
  readonly report: Report
  /** The session as one file, which `sessions.import` makes it of again. It holds what the session holds: payloads, and what consumers have sent. */
  export(): Promise<Uint8Array>
  /** With everything in it; resolves when all is erased. Throws `NOT_FOUND` where it is gone already. */
  delete(): Promise<void>
}

/** A session as the admin API answers with it. */
export type SessionAnswer = SessionInfo & {
  readonly base_url: string
  readonly token?: string
  readonly definitions?: unknown
}

export function createSession(connection: Connection, call: Caller, answer: SessionAnswer): Session {
  const { base_url: path, token = null, definitions: _definitions, ...info } = answer
  const { session_id: id, label } = info
  const headers = { 'x-imnot-session': id }
  const session: Session = {
    id,
    label,
    get baseUrl() {
      return `${connection.baseUrl()}${path}`
    },
    headers,
    token,
    info,
    fetch: createFetch(connection, headers),
    payloads: createPayloads(call, id),
    flows: createSessionFlows(createFlows(call), id),
    deliveries: { list: (): Promise<DeliveryInfo[]> => createDeliveries(call).list({ session: id }) },
    clock: createClock(call, adminPath('sessions', id, 'clock')),
    requests: createSessionRequests(createRequests(call), id),
    async inspect() {
      const {
        base_url: _path,
        token: _token,
        ...now
      } = await call.json<SessionAnswer>('GET', adminPath('sessions', id))
      return now
    },
    report: createReport(call, adminPath('sessions', id, 'report')),
    async export() {
      return (await call('GET', adminPath('sessions', id, 'export'))).body
    },
    async delete() {
      await call('DELETE', adminPath('sessions', id))
    },
    async [Symbol.asyncDispose]() {
      // A test may have deleted it itself, or its time may be over.
      await session.delete().catch((error: unknown) => {
        if (!isApiError(error, 'NOT_FOUND')) throw error
      })
    },
  }
  return session
}
