import { lookup as resolveName } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { Outbound, OutboundRequest, OutboundResponse } from '@imnot/core'
import type { Agent, Dispatcher } from 'undici'
import { createEgressRules, type EgressOptions, type EgressRules, hostOf } from './egress.ts'
import { createSlots } from './slots.ts'

export interface OutboundOptions extends EgressOptions {
  /** For the whole of an attempt, from the connection to the last byte of the answer. @default 15000 */
  readonly timeoutMs?: number
  /** The rest of an answer is dropped and its connection closed. @default 65536 */
  readonly maxAnswerBytes?: number
  /** Calls at the same time to one origin. @default 16 */
  readonly connectionsPerHost?: number
  /** Resolves a name to all its addresses. @default the system's resolver */
  readonly lookup?: ResolveName
}

export type ResolveName = (host: string) => Promise<readonly ResolvedAddress[]>

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

export interface OutboundCalls {
  readonly send: Outbound
  /** Closes all connections. */
  close(): Promise<void>
}

/** The only module that calls receivers. Follows no redirect and heeds no proxy of the environment. */
export function createOutbound(options: OutboundOptions): OutboundCalls {
  const { timeoutMs = 15_000, maxAnswerBytes = 65_536, connectionsPerHost = 16, lookup = systemLookup } = options
  const rules = createEgressRules(options)
  const slots = createSlots({
    limit: connectionsPerHost,
    // Waiting and calling together stay below the 30 s for which a delivery is leased.
    patienceMs: timeoutMs * 0.8,
    onLate: (origin) => new Error(`${connectionsPerHost} callbacks are still waiting for an answer of ${origin}.`),
  })
  let client: Promise<Client> | undefined

  /** Loaded when a callback is first sent: most processes send none. */
  async function loadClient(): Promise<Client> {
    // By its default: a bundle hands on nothing else of what is CommonJS.
    const { Agent, request } = (await import('undici')).default
    const connect = { lookup: checkedLookup(rules, lookup), autoSelectFamily: true, timeout: timeoutMs }
    return {
      request,
      agent: new Agent({ connect, connections: connectionsPerHost, headersTimeout: 0, bodyTimeout: 0 }),
    }
  }

  async function attempt(url: URL, call: OutboundRequest): Promise<OutboundResponse> {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      client ??= loadClient()
      const { request, agent } = await client
      const response = await request(url, {
        dispatcher: agent,
        signal,
        method: call.method as Dispatcher.HttpMethod,
        headers: endToEnd(call.headers),
        body: call.body.byteLength === 0 ? null : call.body,
      })
      const body = await readBeginning(response.body, maxAnswerBytes)
      return { status: response.statusCode, retryAfter: [response.headers['retry-after']].flat()[0] ?? null, body }
    } catch (error) {
      if (!signal.aborted) throw firstOf(error)
      throw new Error(`${url.origin} gave no whole answer within ${timeoutMs / 1000} s.`, { cause: error })
    }
  }

  return {
    async send(call) {
      const url = rules.readReceiver(call.url)
      const host = hostOf(url)
      // An address in the URL is never looked up, so that the connection's own check would not see it.
      if (isIP(host) !== 0) rules.assertAllowed(host, host)
      return slots.run(url.origin, () => attempt(url, call))
    },
    async close() {
      const loaded = await client
      await loaded?.agent.destroy()
    },
  }
}

interface Client {
  readonly agent: Agent
  readonly request: typeof import('undici').request
}

/** Resolved once for each connection; it goes to one of the addresses checked here, not to what a second answer would say. */
function checkedLookup(rules: EgressRules, lookup: ResolveName): LookupFunction {
  return (host, options, callback) => {
    const check = async () => {
      const addresses = await lookup(host)
      if (addresses.length === 0) throw new Error(`The name ${host} has no address.`)
      for (const { address } of addresses) rules.assertAllowed(host.replace(/\.$/, ''), address)
      return addresses.map(({ address, family }) => ({ address, family }))
    }
    check().then(
      (addresses) => {
        const [first] = addresses
        if (options.all || first === undefined) callback(null, addresses)
        else callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    )
  }
}

const systemLookup: ResolveName = (host) =>
  new Promise((resolve, reject) => {
    resolveName(host, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)))
  })

/** Where all addresses of a name failed, Node throws a list of errors that itself says nothing. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.message === '' ? (error.errors[0] ?? error) : error
}

const ofTheConnection = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Without what the connection itself says (RFC 9110, section 7.6.1). */
function endToEnd(headers: readonly string[]): string[] {
  const kept: string[] = []
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? ''
    if (!ofTheConnection.has(name.toLowerCase())) kept.push(name, headers[index + 1] ?? '')
  }
  return kept
}

/** Leaving the loop early destroys the body, and with it the connection. */
async function readBeginning(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.byteLength
    if (length > limit) break
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, limit))
}
