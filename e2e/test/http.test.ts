import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createImnot, type Imnot } from '@imnot/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { headerOf, type Received } from '../http/client.ts'
import { hostAnswer, type Mounted, mounts } from '../http/mounts.ts'
import { partner } from '../http/partner.ts'

const key = 'a-key-of-the-http-suite-0123456789'
const admin = { authorization: `Bearer ${key}` }
const folder = mkdtempSync(join(tmpdir(), 'imnot-http-'))
const file = join(folder, 'acme.yaml')
writeFileSync(file, partner)
afterAll(() => rmSync(folder, { recursive: true }))

const samples: readonly (readonly [type: string, body: Buffer])[] = [
  ['application/json', Buffer.from('\uFEFF{ "a": 1.10,\r\n  "a" : 1e2, "é": "\\u00e9" }')],
  ['application/vnd.acme+json', Buffer.from('[ 1.0 ]')],
  ['application/x-www-form-urlencoded', Buffer.from('b=2&a=1&a=%7e&c[d]=+x')],
  [
    'multipart/form-data; boundary=x',
    Buffer.from('--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n\xff\r\n--x--\r\n', 'latin1'),
  ],
  ['application/xml', Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?>\r\n<a b = "\xe9"/>', 'latin1')],
  ['application/octet-stream', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
]

describe.each(mounts)('$name', ({ path, parsed, isHost = false, start }) => {
  let imnot: Imnot
  let mounted: Mounted

  beforeAll(async () => {
    imnot = await createImnot({ partners: file, adminKeys: [key] })
    mounted = await start(imnot)
  })
  afterAll(async () => {
    await mounted.close()
    await imnot.close()
  })

  const send = (method: string, local: string, headers: Record<string, string> = {}, body?: Buffer | string) =>
    mounted.send({ method, path: path + local, headers, ...(body !== undefined && { body }) })
  const upload = (datapoint: string, type: string, body: Buffer, headers: Record<string, string> = {}) =>
    send(
      'POST',
      `/imnot/admin/acme/${datapoint}/payload?verbatim=true`,
      { ...admin, 'content-type': type, ...headers },
      body,
    )
  const json = ({ body }: Received) => JSON.parse(body.toString())

  /** Plays submit, poll and fetch, in a session or in none, and gives the payload that comes. */
  async function play(base = '', headers: Record<string, string> = {}): Promise<Buffer> {
    const submitted = await send('POST', `${base}/external/jobs`, headers)
    expect(submitted.status).toBe(202)
    const location = headerOf(submitted, 'location') ?? ''
    expect(location).toMatch(new RegExp(`^${path}${base}/external/jobs/[0-9a-f-]{36}$`))
    const polled = await mounted.send({ method: 'HEAD', path: location })
    expect([polled.status, headerOf(polled, 'status')]).toEqual([201, 'COMPLETED'])
    const fetched = await mounted.send({ method: 'GET', path: location })
    expect(fetched.status).toBe(200)
    return fetched.body
  }

  async function createSession(): Promise<{ session_id: string; base_url: string }> {
    const created = await send('POST', '/imnot/admin/sessions', { ...admin, 'content-type': 'application/json' }, '{}')
    expect(created.status).toBe(201)
    return json(created)
  }

  test('plays submit, poll and fetch, and its location leads back', async () => {
    expect((await upload('data-sync', 'text/csv', Buffer.from('a;b'))).status).toBe(200)
    expect((await play()).toString()).toBe('a;b')
  })

  test.each(samples)('gives %s back byte for byte, or says why it cannot', async (type, body) => {
    const stored = await upload('bill', type, body)
    const isParsed = parsed === 'values' && /^application\/(json|x-www-form-urlencoded)/.test(type)
    if (isParsed) {
      // The byte order mark is the host's to refuse.
      expect([stored.status, stored.body.toString()]).toEqual([
        type === 'application/json' ? expect.toBeOneOf([400, 409]) : 409,
        type === 'application/json' ? expect.any(String) : expect.stringContaining('mount imnot before'),
      ])
      return
    }
    expect(stored.status).toBe(200)
    const { status, headers, body: got } = await send('GET', '/bill')
    expect({ status, type: new Map(headers).get('content-type') }).toEqual({ status: 200, type })
    expect(got.equals(body)).toBe(true)
  })

  test('gives 50 MB back byte for byte', async () => {
    const body = Buffer.alloc(50_000_000)
    for (let index = 0; index < body.length; index += 4)
      body.writeUInt32LE((index * 2_654_435_761) % 4_294_967_296, index)
    expect((await upload('bill', 'application/octet-stream', body)).status).toBe(200)
    const { body: got } = await send('GET', '/bill')
    const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    expect(digest(got)).toBe(digest(body))
  })

  test.each([
    ['application/json', (id: string) => JSON.stringify({ n: 1.5, job_id: id })],
    ['application/x-www-form-urlencoded', (id: string) => `n=1&job_id=${id}`],
  ])('reads a body of %s, also where the host has parsed it', async (type, bodyFor) => {
    const { id } = json(await send('POST', '/by-body'))
    const answer = await send('POST', '/by-body/status', { 'content-type': type }, bodyFor(id))
    expect([answer.status, json(answer)]).toEqual([200, { job: id }])
  })

  test('answers HEAD as GET without the body', async () => {
    const head = await send('HEAD', '/cookies')
    expect([head.status, headerOf(head, 'content-type'), head.body.length]).toEqual([200, 'application/json', 0])
    expect(headerOf(head, 'content-length')).toBe('7')
  })

  test('sends several set-cookie headers and each value as it is', async () => {
    const answer = await send('GET', '/cookies')
    expect(answer.headers.filter(([name]) => name === 'set-cookie')).toEqual([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
    expect([headerOf(answer, 'x-odd'), answer.body.toString()]).toEqual(['a  b', '{"n":1}'])
  })

  test('knows sessions by prefix, by header and by flow, and keeps the prefix in its locations', async () => {
    await upload('data-sync', 'text/plain', Buffer.from('for everybody'))
    const one = await createSession()
    const two = await createSession()
    expect(one.base_url).toBe(`${path}/imnot/s/${one.session_id}`)
    for (const [session, payload] of [
      [one, 'first'],
      [two, 'second'],
    ] as const) {
      const stored = await upload('data-sync', 'text/plain', Buffer.from(payload), {
        'x-imnot-session': session.session_id,
      })
      expect(stored.status).toBe(200)
    }
    expect((await play(`/imnot/s/${one.session_id}`)).toString()).toBe('first')
    // The steps after the first send no header: their flow names the session.
    expect((await play('', { 'x-imnot-session': two.session_id })).toString()).toBe('second')
    expect((await play()).toString()).toBe('for everybody')
    expect((await send('GET', '/imnot/s/nobody/bill')).status).toBe(404)
  })

  test.each([
    '/imnot/admin/sessions',
    '/%69mnot/admin/sessions',
    '//imnot/admin/sessions',
    '/x/../imnot/admin/sessions',
    '/imnot/./admin/sessions',
    '/imnot;x/admin/sessions',
    '/imnot/admin;x/sessions',
    '/IMNOT/admin/sessions',
    '/imnot/ADMIN/sessions',
    '/imnot./admin/sessions',
    '/imnot/admin/sessions.',
    '/imnot/admin/sessions/',
    '/imnot%2fadmin%2fsessions',
    '/imnot/admin%00/sessions',
    '/imnot/admin/sessions%00',
    '/imnot\\admin\\sessions',
    '/imnot/s/any/imnot/admin/sessions',
    '/imnot/s/any/%69mnot/admin/sessions',
    '/imnot/s/../admin/sessions',
    '/bill/../imnot/admin/sessions',
  ])('shows the admin API to nobody without the key: %s', async (spelling) => {
    for (const sent of [path + spelling, `http://mock${path}${spelling}`]) {
      for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'Bearer \xe9' }]) {
        const { status, body } = await mounted.send({
          method: 'GET',
          path: sent,
          headers: { host: 'mock', ...headers },
        })
        if (status === 200) expect(body.toString()).toBe(hostAnswer)
        else expect(status, sent).toBeOneOf([400, 401, 404])
        expect(body.toString()).not.toMatch(/^\[/)
      }
    }
  })

  test('shows the admin API to who has the key, by path and by absolute URL', async () => {
    for (const sent of [`${path}/imnot/admin/sessions`, `http://mock${path}/imnot/admin/sessions`]) {
      expect((await mounted.send({ method: 'GET', path: sent, headers: { ...admin, host: 'mock' } })).status).toBe(200)
    }
    const { servers } = json(await send('GET', '/imnot/admin/openapi.json', admin))
    expect(servers).toEqual([{ url: path || '/' }])
  })

  test('leaves the health addresses to a host', async () => {
    const { status, body } = await send('GET', '/healthz')
    if (isHost) expect([status, body.toString()]).not.toContain('version')
    if (isHost && path === '') expect(body.toString()).toBe(hostAnswer)
  })

  describe('a client on a socket', () => {
    test('that sends too large a body is refused, and may go on', async () => {
      if (mounted.port === undefined) return
      const refused = await send('POST', '/sink', { 'content-type': 'text/plain' }, Buffer.alloc(1_500_000))
      expect(refused.status).toBe(413)
      expect(json(await send('GET', '/cookies'))).toEqual({ n: 1 })
    })

    test('that goes away in the middle of an upload leaves nothing behind and disturbs nobody', async () => {
      const { port } = mounted
      if (port === undefined) return
      await upload('bill', 'text/plain', Buffer.from('before'))
      await new Promise<void>((resolve, reject) => {
        const head = `POST ${path}/imnot/admin/acme/bill/payload HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer ${key}\r\n`
        const socket = connect(port, '127.0.0.1', () => {
          socket.write(
            `${head}Content-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(500_000)}`,
            () => {
              socket.destroy()
              resolve()
            },
          )
        })
        socket.on('error', reject)
      })
      expect((await send('GET', '/bill')).body.toString()).toBe('before')
    })
  })
})
