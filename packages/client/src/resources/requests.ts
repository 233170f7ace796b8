import { adminPath, type Caller } from '../caller.ts'
import type { RequestInfo, RequestList } from '../shapes.ts'

/** The journal: requests that consumers made, and what answered them. */
export interface Requests {
  /** Newest first. */
  list(filter?: RequestFilter): Promise<RequestInfo[]>
  /** As `list`, with the number of requests that came too fast to be written down. */
  page(filter?: RequestFilter): Promise<RequestList>
  /** Each as it comes, for as long as it is iterated over. */
  follow(filter?: FollowFilter): AsyncIterable<RequestInfo>
  /** Resolves to how many requests match; throws `VERIFICATION_FAILED` where they did not come as expected, with the nearest in `details`. */
  verify(expected: ExpectedRequests): Promise<{ readonly count: number }>
}

/** Those of one session. */
export interface SessionRequests {
  list(filter?: Omit<RequestFilter, 'session'>): Promise<RequestInfo[]>
  page(filter?: Omit<RequestFilter, 'session'>): Promise<RequestList>
  follow(filter?: Omit<FollowFilter, 'session'>): AsyncIterable<RequestInfo>
  verify(expected: Omit<ExpectedRequests, 'session'>): Promise<{ readonly count: number }>
}

export interface FollowFilter {
  readonly partner?: string | undefined
  readonly datapoint?: string | undefined
  /** Id or label; null means those of no session. @default all of them */
  readonly session?: string | null | undefined
  /** Id of a flow. */
  readonly flow?: string | undefined
  /** `404`, or a class such as `4xx`. */
  readonly status?: number | string | undefined
  /** True: only those that no route matched. False: none of these. */
  readonly unmatched?: boolean | undefined
  /** Ends `follow`. */
  readonly signal?: AbortSignal | undefined
}

export interface RequestFilter extends Omit<FollowFilter, 'signal'> {
  /** At most so many. @default 100 */
  readonly limit?: number | undefined
}

/** As in the conditions of `when`: a plain value means equals; else `equals`, `in`, `contains`, `matches`, `exists`, `gt`, `gte`, `lt`, `lte`. */
export type Expected = string | number | boolean | null | Readonly<Record<string, unknown>>

export interface ExpectedRequest {
  readonly method?: Expected
  readonly path?: Expected
  readonly partner?: Expected
  readonly datapoint?: Expected
  /** The route's path as it is declared: `/v1/jobs/{id}`. */
  readonly endpoint?: Expected
  readonly step?: Expected
  readonly flow?: Expected
  readonly status?: Expected
  readonly refused_by?: Expected
  readonly params?: Readonly<Record<string, Expected>>
  readonly headers?: Readonly<Record<string, Expected>>
  readonly query?: Readonly<Record<string, Expected>>
  /** By dotted names, JSONPath or XPath. */
  readonly body?: Expected
  /** The body as text. */
  readonly text?: Expected
  readonly any?: readonly ExpectedRequest[]
  readonly all?: readonly ExpectedRequest[]
  readonly not?: ExpectedRequest
}

export interface ExpectedRequests extends ExpectedRequest {
  /** @default { gte: 1 } */
  readonly count?: number | Readonly<Partial<Record<'equals' | 'gte' | 'gt' | 'lte' | 'lt', number>>>
  /** What must come after it, in this order. */
  readonly then?: readonly ExpectedRequest[]
  /** Id or label; null means those of no session. @default all of them */
  readonly session?: string | null
}

export function createRequests(call: Caller): Requests {
  const page = (filter?: RequestFilter): Promise<RequestList> =>
    call.json('GET', adminPath('requests'), { query: queryOf(filter) })
  return {
    page,
    list: async (filter) => (await page(filter)).requests.slice(),
    async *follow({ signal, ...filter } = {}) {
      const options = { query: queryOf(filter), ...(signal !== undefined && { signal }) }
      for await (const data of call.events(adminPath('requests', 'stream'), options)) yield JSON.parse(data)
    },
    verify: async ({ session, ...expected }) => {
      const named = session === undefined ? {} : { session: session ?? '' }
      const { count } = await call.json<{ readonly count: number }>('POST', adminPath('requests', 'verify'), {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...expected, ...named }),
      })
      return { count }
    },
  }
}

export function createSessionRequests(requests: Requests, session: string): SessionRequests {
  return {
    list: (filter) => requests.list({ ...filter, session }),
    page: (filter) => requests.page({ ...filter, session }),
    follow: (filter) => requests.follow({ ...filter, session }),
    verify: (expected) => requests.verify({ ...expected, session }),
  }
}

function queryOf({ session, ...filter }: RequestFilter = {}): Record<string, string | undefined> {
  const given = Object.entries(filter).map(([name, value]) => [name, value === undefined ? undefined : String(value)])
  return { ...Object.fromEntries(given), session: session === null ? '' : session }
}
