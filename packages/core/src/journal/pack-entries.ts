import { Buffer } from 'node:buffer'
import type { JournalEntry, JournalFacts } from './journal-entry.ts'

/**
 * A chunk of entries as bytes: the length of the head, the head as JSON, then the bodies. What many entries have alike, such
 * as headers, a route or a payload's bytes, stands in it once.
 */
export function packEntries(entries: readonly JournalEntry[]): Uint8Array {
  const routes = createTable<readonly unknown[]>((route) => route.join('\0'))
  const headers = createTable<Pairs>((pairs) => pairs)
  const bodies = createTable<Uint8Array>((body) => body)
  const rows = entries.map(({ facts, requestBody, responseBody }) => [
    facts.id,
    facts.at,
    facts.durationMs,
    facts.url,
    routes.indexOf([facts.method, facts.partner, facts.datapoint, facts.endpoint, facts.step]),
    facts.params,
    facts.flow,
    facts.session,
    facts.sessionBy,
    facts.status,
    facts.refusedBy,
    headers.indexOf(facts.requestHeaders),
    headers.indexOf(facts.responseHeaders),
    facts.requestBytes,
    facts.responseBytes,
    bodies.indexOf(requestBody),
    bodies.indexOf(responseBody),
    facts.nearest,
    facts.fault,
    facts.sessionTime,
    facts.unfinished,
  ])
  const lengths = bodies.items.map((body) => body.byteLength)
  const head = Buffer.from(JSON.stringify({ routes: routes.items, headers: headers.items, lengths, rows }))
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(head.byteLength)
  return Buffer.concat([length, head, ...bodies.items])
}

/** In the order in which they were packed. */
export function unpackEntries(packed: Uint8Array): JournalEntry[] {
  const all = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  let offset = lengthBytes + all.readUInt32BE(0)
  const { routes, headers, lengths, rows } = JSON.parse(all.toString('utf8', lengthBytes, offset)) as Head
  const bodies = lengths.map((length) => {
    offset += length
    return all.subarray(offset - length, offset)
  })
  return rows.map((row) => {
    const [id, at, durationMs, url, route, params, flow, session, sessionBy, status, refusedBy, ...rest] = row
    const [
      requestHeaders,
      responseHeaders,
      requestBytes,
      responseBytes,
      requestBody,
      responseBody,
      nearest,
      fault = null,
      sessionTime = null,
      unfinished = null,
    ] = rest
    const [method, partner, datapoint, endpoint, step] = routes[route] as Route
    const ofRequest = {
      id,
      at,
      durationMs,
      method,
      url,
      partner,
      datapoint,
      endpoint,
      params,
      step,
      flow,
      session,
      sessionBy,
    }
    return {
      facts: {
        ...ofRequest,
        status,
        refusedBy,
        requestHeaders: headers[requestHeaders] ?? [],
        responseHeaders: headers[responseHeaders] ?? [],
        requestBytes,
        responseBytes,
        nearest,
        fault,
        sessionTime,
        unfinished,
      },
      requestBody: bodies[requestBody] ?? noBytes,
      responseBody: bodies[responseBody] ?? noBytes,
    }
  })
}

const lengthBytes = 4
const noBytes = new Uint8Array(0)

type Facts = JournalFacts
type Pairs = Facts['requestHeaders']
type Route = readonly [Facts['method'], Facts['partner'], Facts['datapoint'], Facts['endpoint'], Facts['step']]

interface Head {
  readonly routes: readonly Route[]
  readonly headers: readonly Pairs[]
  readonly lengths: readonly number[]
  readonly rows: readonly Row[]
}

/** Where a number stands for what is elsewhere in the head. */
type Row = readonly [
  Facts['id'],
  Facts['at'],
  Facts['durationMs'],
  Facts['url'],
  number,
  Facts['params'],
  Facts['flow'],
  Facts['session'],
  Facts['sessionBy'],
  Facts['status'],
  Facts['refusedBy'],
  number,
  number,
  Facts['requestBytes'],
  Facts['responseBytes'],
  number,
  number,
  Facts['nearest'],
  Facts['fault'],
  Facts['sessionTime'],
  Facts['unfinished'],
]

/** Each thing once, told apart by its key. */
function createTable<T>(keyOf: (item: T) => unknown) {
  const indices = new Map<unknown, number>()
  const items: T[] = []
  return {
    items,
    indexOf(item: T): number {
      const key = keyOf(item)
      const known = indices.get(key)
      if (known !== undefined) return known
      indices.set(key, items.length)
      return items.push(item) - 1
    },
  }
}
