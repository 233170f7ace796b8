import { adminPath, createCaller } from './caller.ts'
import type { Connection } from './connection.ts'
import { createFetch, type Fetch } from './mock-fetch.ts'
import { type ClockApi, createClock } from './resources/clock.ts'
import { createDeliveries, type Deliveries } from './resources/deliveries.ts'
import { createFlows, type Flows } from './resources/flows.ts'
import { createPartners, type Partners } from './resources/partners.ts'
import { createPayloads, type Payloads } from './resources/payloads.ts'
import { createReport, type Report } from './resources/report.ts'
import { createRequests, type Requests } from './resources/requests.ts'
import { createSessions, type Sessions } from './resources/sessions.ts'
import type { OpenApiDocument } from './shapes.ts'

/** Everything that steers an imnot, wherever it is: `createClient` reaches a server, `createImnot` of `@imnot/node` is one. */
export interface ImnotApi {
  readonly sessions: Sessions
  /** The global ones, which every session without a payload of its own falls back to. */
  readonly payloads: Payloads
  readonly flows: Flows
  /** How consumers have behaved, in every session and in none. */
  readonly report: Report
  readonly deliveries: Deliveries
  readonly requests: Requests
  /** Of all that is in no session. */
  readonly clock: ClockApi
  readonly partners: Partners
  /** The admin API's description of itself. */
  openApi(): Promise<OpenApiDocument>
  /** Where consumers reach it, without a slash at the end. */
  readonly baseUrl: string
  /** As the global `fetch`, for consumers that can be given one: goes to the mock, whatever host the URL names. */
  readonly fetch: Fetch
}

/** The API over any connection. */
export function createApi(connection: Connection): ImnotApi {
  const call = createCaller(connection)
  return {
    sessions: createSessions(connection, call),
    payloads: createPayloads(call, null),
    flows: createFlows(call),
    report: createReport(call, adminPath('report')),
    deliveries: createDeliveries(call),
    requests: createRequests(call),
    clock: createClock(call, adminPath('clock')),
    partners: createPartners(call),
    openApi: () => call.json('GET', adminPath('openapi.json')),
    get baseUrl() {
      return connection.baseUrl()
    },
    fetch: createFetch(connection, {}),
  }
}
