import { ApiError, type ApiErrorCode } from './api-error.ts'
import type { AdminAnswer, AdminCall, Connection } from './connection.ts'
import { readEvents } from './server-sent-events.ts'

/** Calls the admin API; a refusal is thrown. */
export interface Caller {
  (method: AdminCall['method'], path: string, options?: CallOptions): Promise<AdminAnswer>
  /** For an answer in JSON. Its shape is the admin API's contract and is not checked here. */
  json<T>(method: AdminCall['method'], path: string, options?: CallOptions): Promise<T>
  /** The data of a stream of events, for as long as it is iterated over. */
  events(path: string, options?: EventOptions): AsyncIterable<string>
}

export interface EventOptions {
  readonly query?: QueryValues
  readonly signal?: AbortSignal
}

export interface CallOptions {
  readonly query?: QueryValues
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Text is sent in UTF-8. */
  readonly body?: Uint8Array | string
}

export function createCaller(connection: Connection): Caller {
  async function call(method: AdminCall['method'], path: string, options: CallOptions = {}): Promise<AdminAnswer> {
    const { query = {}, headers = {}, body } = options
    const answer = await connection.call({
      method,
      path: `${path}${queryOf(query)}`,
      headers: given(headers),
      body: body === undefined ? null : toBytes(body),
    })
    if (answer.status < 400) return answer
    throw refusalOf(answer)
  }

  return Object.assign(call, {
    async json<T>(method: AdminCall['method'], path: string, options?: CallOptions): Promise<T> {
      const answer = await call(method, path, options)
      const value = parse(answer)
      if (value === undefined) throw unexpected(answer, 'the answer is not JSON')
      return value as T
    },
    async *events(path: string, { query = {}, signal }: EventOptions = {}) {
      const options = signal === undefined ? {} : { signal }
      const answer = await connection.stream(`${path}${queryOf(query)}`, options)
      if ('body' in answer) throw refusalOf(answer)
      yield* readEvents(answer.chunks)
    },
  })
}

/** A path of the admin API, its parts encoded. */
export function adminPath(...parts: readonly string[]): string {
  return ['/imnot/admin', ...parts.map(encodeURIComponent)].join('/')
}

const codes: Readonly<Record<number, ApiErrorCode>> = {
  400: 'REQUEST_INVALID',
  401: 'NOT_ALLOWED',
  403: 'NOT_ALLOWED',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'BODY_TOO_LARGE',
  417: 'VERIFICATION_FAILED',
  421: 'NOT_ALLOWED',
  422: 'DEFINITION_INVALID',
  503: 'STORAGE_UNAVAILABLE',
  507: 'STORAGE_FULL',
}

function refusalOf(answer: AdminAnswer): ApiError {
  const value = parse(answer)
  if (typeof value !== 'object' || value === null || !('detail' in value) || typeof value.detail !== 'string') {
    return unexpected(answer, `the answer has the status ${answer.status} and no word about the reason`)
  }
  const { detail, ...details } = value
  return new ApiError(codes[answer.status] ?? 'REFUSED', detail, { status: answer.status, details })
}

function unexpected({ status }: AdminAnswer, found: string): ApiError {
  return new ApiError('ANSWER_UNEXPECTED', `What answers there is no imnot: ${found}; check the address.`, { status })
}

function parse({ body }: AdminAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

/** A list is its name several times. */
type QueryValues = Readonly<Record<string, string | readonly string[] | undefined>>

function queryOf(query: QueryValues): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one]),
  )
  const text = new URLSearchParams(pairs).toString()
  return text === '' ? '' : `?${text}`
}

function given(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** `fetch` takes no bytes that other threads may change. */
function toBytes(body: Uint8Array | string): Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return new TextEncoder().encode(body)
  return body.buffer instanceof ArrayBuffer ? (body as Uint8Array<ArrayBuffer>) : new Uint8Array(body)
}
