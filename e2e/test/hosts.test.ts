import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createImnot, type Imnot } from '@imnot/node'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectionTo, type Received, type Sent } from '../http/client.ts'
import { partner } from '../http/partner.ts'
import { services } from '../http/services.ts'

const folder = mkdtempSync(join(tmpdir(), 'imnot-hosts-'))
const file = join(folder, 'acme.yaml')
writeFileSync(file, partner)
afterAll(() => rmSync(folder, { recursive: true }))

const paths = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...[
        '/api/echo',
        '/api/echo?a=1&a=2&b[c]=%20',
        '/api/small',
        '/api/raw',
        '/api/checked',
        '/api/items/%C3%A9',
        '/api/boom',
      ],
      ...[
        '/api/files/a/b',
        '/api/nothing',
        '/api',
        '/',
        '/healthz',
        '/HEALTHZ',
        '/readyz',
        '/metrics',
        '/imnotx',
        '/nothing?x',
      ],
      // Near to what imnot serves, but not that.
      ...[
        '/external/jobs',
        '/external',
        '/external/jobs/a/b',
        '/bill',
        '/cookies',
        '/BILL',
        '//bill',
        '/./bill',
        '/by-body/x',
      ],
      ...['/%zz', '/%00', '/api//echo', '/api/echo/', '/api/../api/echo', 'http://other/api/echo', '/api/items/a%2Fb'],
    ),
  },
  { weight: 1, arbitrary: fc.webPath() },
)

const size = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 10, max: 2000 }) },
  { weight: 3, arbitrary: fc.integer({ min: 9000, max: 200_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000_000, max: 5_000_000 }) },
)

const bodies: fc.Arbitrary<{ type: string | null; body: string | Uint8Array }> = fc.oneof(
  fc.json().map((body) => ({ type: 'application/json', body })),
  fc
    .integer({ min: -5, max: 2000 })
    .map((n) => ({ type: 'application/json; charset=utf-8', body: JSON.stringify({ n }) })),
  size.map((length) => ({ type: 'application/json', body: JSON.stringify({ n: 1, x: 'é'.repeat(length / 2) }) })),
  fc.json().map((body) => ({ type: 'application/json', body: `${body}}` })),
  fc.constant({ type: 'application/json', body: '{"n": 1' }),
  fc.constant({ type: 'application/json', body: '' }),
  fc.constant({ type: 'application/json; charset=nonsense', body: '{"n":1}' }),
  size.map((length) => ({ type: 'application/x-www-form-urlencoded', body: `a[b]=1&c=${'%41'.repeat(length / 3)}` })),
  size.map((length) => ({ type: 'application/xml', body: `<a>${'x'.repeat(length)}</a>` })),
  size.map((length) => ({ type: 'application/octet-stream', body: Buffer.alloc(length, 'bytes\0\xff') })),
  fc.constant({ type: 'multipart/form-data; boundary=x', body: '--x\r\n\r\n1\r\n--x--' }),
  fc.string().map((body) => ({ type: null, body })),
)

const requests: fc.Arbitrary<Sent> = fc
  .record({
    method: fc.oneof(
      { weight: 4, arbitrary: fc.constant('POST') },
      { weight: 5, arbitrary: fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'PROPFIND') },
    ),
    path: paths,
    sent: fc.option(bodies, { freq: 4 }),
    chunked: fc.boolean(),
    expect: fc.boolean(),
    session: fc.option(fc.constantFrom('nobody', ''), { freq: 1 }),
  })
  .map(({ method, path, sent, chunked, expect, session }) => {
    const hasBody = sent !== null && method !== 'GET' && method !== 'HEAD'
    return {
      method,
      path,
      headers: {
        host: 'service.test',
        ...(session !== null && { 'x-imnot-session': session }),
        ...(hasBody && sent.type !== null && { 'content-type': sent.type }),
        ...(hasBody && chunked && { 'transfer-encoding': 'chunked' }),
        ...(hasBody && expect && { expect: '100-continue' }),
      },
      ...(hasBody && { body: sent.body }),
    }
  })

describe.each(services)('$name', ({ start }) => {
  let imnot: Imnot
  const servers: Server[] = []
  let both: (sent: Sent) => Promise<[Received, Received]>
  const closing: (() => void)[] = []

  beforeAll(async () => {
    imnot = await createImnot({ partners: file, adminKeys: ['a-key-of-the-host-test-0123456789'] })
    servers.push(await start(null), await start(imnot))
    const [without, mounted] = servers.map((server) => connectionTo((server.address() as AddressInfo).port))
    if (without === undefined || mounted === undefined) throw new Error('Two services were started.')
    closing.push(without.close, mounted.close)
    both = (sent) => Promise.all([without.send(sent), mounted.send(sent)])
  })
  afterAll(async () => {
    for (const close of closing) close()
    for (const server of servers) server.closeAllConnections()
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    await imnot.close()
  })

  const comparable = ({ status, headers, body, continued }: Received) => ({
    status,
    continued,
    headers: headers.filter(([name]) => name !== 'date'),
    length: body.length,
    // Five megabytes are no help to who reads a failure.
    body: body.length < 2000 ? body.toString('latin1') : body.toString('base64').slice(0, 200),
  })

  test('behaves as without imnot for every request that imnot does not match', async () => {
    const statuses = new Set<number>()
    await fc.assert(
      fc.asyncProperty(requests, async (sent) => {
        const isOurs = imnot.engine.match(sent.method, sent.path)
        fc.pre(isOurs === null || (isOurs.kind === 'admin' && isOurs.isHealth))
        const [without, mounted] = await both(sent)
        statuses.add(without.status)
        expect(comparable(mounted)).toEqual(comparable(without))
        expect(mounted.body.equals(without.body)).toBe(true)
      }),
      { numRuns: 400 },
    )
    // The requests were worth asking: the service liked some, refused some and failed at some.
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 404, 500]))
  })

  test('refuses a body that is too large as without imnot, on a connection that goes on', async () => {
    const large = {
      method: 'POST',
      path: '/api/small',
      headers: { 'content-type': 'text/plain' },
      body: 'x'.repeat(20_000),
    }
    const [without, mounted] = await both(large)
    expect(without.status).toBe(413)
    expect(comparable(mounted)).toEqual(comparable(without))
    const [, after] = await both({ method: 'GET', path: '/healthz' })
    expect(after.body.toString()).toBe('{"healthy":"host"}')
  })

  test.each([10, 1000, 99_000, 110_000, 1_048_577, 5_000_000])('gets a POST of %i bytes whole', async (length) => {
    const body = Buffer.alloc(length, 'some bytes of the host \0\xff')
    const [without, mounted] = await both({
      method: 'POST',
      path: '/api/raw',
      headers: { 'content-type': 'application/octet-stream' },
      body,
    })
    expect([without.status, mounted.status]).toEqual([200, 200])
    expect(mounted.body.equals(body)).toBe(true)
  })
})
