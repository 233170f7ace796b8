import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createImnot, serve } from '@imnot/node'
import { sqliteStorage } from '@imnot/storage-sqlite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startBin } from './support/bin.ts'
import { emptyFolder, newProject, write } from './support/folder.ts'
import { type RunOptions, run } from './support/run.ts'

const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/)
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)

/** A server over the project's own files and database, in this process. */
async function served(folder: string, adminKeys: readonly string[] = []): Promise<string> {
  const storage = sqliteStorage({ path: join(folder, 'imnot.db') })
  const imnot = await createImnot({ partners: join(folder, 'partners'), storage, adminKeys })
  const { url, close } = await serve(imnot, { port: 0 })
  onTestFinished(async () => {
    await close({ graceMs: 100 })
    await storage.close()
  })
  return url
}

const oddBytes = [
  { what: 'JSON with BOM, CRLF, big numbers and repeated keys', type: 'application/json', name: 'a.json' },
  { what: 'bytes that are no text', type: 'application/octet-stream', name: 'a.bin' },
  { what: 'XML in ISO-8859-1', type: 'application/xml', name: 'a.xml' },
].map((row, index) => ({
  ...row,
  bytes: [
    Buffer.from('\uFEFF{"a":1.10,\r\n"a":1e400,"b":12345678901234567890}\r\n'),
    Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7) % 256)),
    Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>\r\n<a>\xe9</a>', 'latin1'),
  ][index] as Buffer,
}))

test.each(oddBytes)('payload get --raw gives the bytes of payload set: $what', async ({ bytes, type, name }) => {
  const folder = await newProject()
  await write(folder, name, bytes)
  const set = await run(folder, ['payload', 'set', 'bookingco', 'charges', name, '--json'])
  expect(set).toMatchObject({ code: 0, json: { content_type: type, bytes: bytes.length, session_id: null } })
  expect((await run(folder, ['payload', 'get', 'bookingco', 'charges', '--raw'])).bytes.equals(bytes)).toBe(true)
  const url = await served(folder)
  const remote = await run(folder, ['payload', 'get', 'bookingco', 'charges', '--raw', '--url', url])
  expect(remote.bytes.equals(bytes)).toBe(true)
  const consumer = await fetch(`${url}/bookingco/v1/charges`)
  expect(consumer.headers.get('content-type')).toBe(type)
  expect(Buffer.from(await consumer.arrayBuffer()).equals(bytes)).toBe(true)
})

test('a payload from standard input is set, listed, shown and deleted', async () => {
  const folder = await newProject()
  expect((await run(folder, ['payload', 'list'])).out).toContain('No payload is set')
  const set = await run(folder, ['payload', 'set', 'staylink', 'reservation', '-'], { input: '{"id":1}' })
  expect(set.out).toMatch(/^staylink\/reservation: 8 bytes of application\/json, sha256 [0-9a-f]{64}\n$/)
  const listed = await run(folder, ['payload', 'list', '--json'])
  expect(listed.json).toEqual([
    {
      partner: 'staylink',
      datapoint: 'reservation',
      session_id: null,
      content_type: 'application/json',
      bytes: 8,
      sha256: expect.any(String),
      updated_at: time,
    },
  ])
  expect((await run(folder, ['payload', 'list'])).out).toMatch(/^staylink\/reservation {2}8 bytes /)
  expect((await run(folder, ['payload', 'get', 'staylink', 'reservation'])).json).toMatchObject({
    payload: { id: 1 },
    bytes: 8,
    updated_at: time,
  })
  expect((await run(folder, ['payload', 'delete', 'staylink', 'reservation'])).code).toBe(0)
  const again = await run(folder, ['payload', 'delete', 'staylink', 'reservation', '--json'])
  expect(again).toMatchObject({ code: 1, json: { status: 'error', http_status: 404 } })
})

test.each([
  { argv: ['nope', 'nope', 'a.json'], says: 'There is no datapoint nope/nope' },
  { argv: ['staylink', 'token', 'a.json'], says: 'has the pattern oauth, which answers with no payload' },
  { argv: ['staylink', 'reservation', 'no.json'], says: 'The payload cannot be read' },
  { argv: ['staylink', 'reservation', 'broken.json'], says: 'not well-formed JSON' },
  { argv: ['staylink', 'reservation', 'a.json', '--session', 'INT-1'], says: 'INT-1' },
])('payload set refuses with the reason: $says', async ({ argv, says }) => {
  const folder = await newProject()
  await write(folder, 'a.json', '{}')
  await write(folder, 'broken.json', '{"a":\n')
  const result = await run(folder, ['payload', 'set', ...argv])
  expect(result).toMatchObject({ code: 1, out: '', err: expect.stringContaining(says) })
})

test('a payload is set, listed, shown and deleted for a value of a path parameter, with its own status', async () => {
  const folder = await newProject()
  const endpoint = '{ method: GET, path: "/inn/{hotel}/{id}" }'
  const datapoint = `{ name: rooms, pattern: fetch, endpoints: [${endpoint}] }`
  await write(folder, 'partners/inn/partner.yaml', `partner: inn\ndatapoints: [${datapoint}]\n`)
  const payload = (...argv: string[]) => run(folder, ['payload', ...argv], { input: '{"gone":true}' })
  const which = ['--id', 'R 1', '--param', 'hotel=H=1']
  const set = await payload('set', 'inn', 'rooms', ...which, '--status', '410', '--header', 'X-A: b: c')
  expect(set.out).toMatch(/^inn\/rooms\?id=R\+1&hotel=H%3D1: 13 bytes of application\/json/)
  expect((await payload('list')).out).toMatch(/^inn\/rooms\?id=R\+1&hotel=H%3D1 .* 410 /)
  const shown = await payload('get', 'inn', 'rooms', ...which)
  expect(shown.json).toMatchObject({ params: { id: 'R 1', hotel: 'H=1' }, status: 410, headers: [['X-A', 'b: c']] })
  expect((await payload('get', 'inn', 'rooms', ...which, '--raw')).out).toBe('{"gone":true}')
  expect((await payload('get', 'inn', 'rooms')).code).toBe(1)
  expect((await payload('delete', 'inn', 'rooms', ...which)).out).toContain('inn/rooms?id=R+1&hotel=H%3D1 is deleted')
  expect((await payload('set', 'inn', 'rooms', '--param', 'hotel')).code).toBe(2)
  expect((await payload('set', 'inn', 'rooms', '--param', 'room=1')).err).toContain('they have hotel, id')
})

test('an empty payload is refused, as a pipe that failed brings one, unless it is wanted', async () => {
  const folder = await newProject()
  await write(folder, 'empty.json', '')
  const set = ['payload', 'set', 'bookingco', 'charges']
  const piped = await run(folder, set, { input: '' })
  expect(piped).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^Standard input was empty, and nothing/),
  })
  expect(await run(folder, [...set, 'empty.json'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('--allow-empty'),
  })
  expect((await run(folder, ['payload', 'list', '--json'])).json).toEqual([])
  const wanted = await run(folder, [...set, '--allow-empty', '--content-type', 'text/plain'], { input: '' })
  expect(wanted).toMatchObject({ code: 0, out: expect.stringContaining(': 0 bytes of text/plain') })
})

test('a session is created with the whole base URL: as configured, of the running server, or of the one to come', async () => {
  const folder = await newProject()
  const create = async (options: RunOptions = {}) => {
    const { out } = await run(folder, ['sessions', 'create'], options)
    return /^base URL +(\S+)\/imnot\/s\/[0-9a-f-]{36}$/m.exec(out)?.[1]
  }
  expect(await create()).toBe('http://127.0.0.1:8000')
  expect(await create({ env: { IMNOT_PORT: '9000', IMNOT_HOST: '::1' } })).toBe('http://[::1]:9000')
  expect(await create({ env: { IMNOT_BASE_URL: 'https://mock.example.com/a/' } })).toBe('https://mock.example.com/a')
  const { url } = await startBin(folder)
  expect(await create()).toBe(url)
  const shown = (await run(folder, ['sessions', 'create', '--json', '--url', url])).json
  expect(shown).toMatchObject({
    base_url: expect.stringMatching(new RegExp(`^${url}/imnot/s/`)),
    token: expect.any(String),
  })
})

test('payload set --verbatim takes what is not well formed', async () => {
  const folder = await newProject()
  const set = await run(folder, ['payload', 'set', 'bookingco', 'charges', '--verbatim'], { input: '{"a":' })
  expect(set.code).toBe(0)
  expect((await run(folder, ['payload', 'get', 'bookingco', 'charges', '--raw'])).out).toBe('{"a":')
})

test('a session of the command line has payloads of its own and is used by its id', async () => {
  const folder = await newProject()
  const created = await run(folder, ['sessions', 'create', '--label', 'INT-1', '--ttl', '2h', '--json'])
  expect(created).toMatchObject({
    code: 0,
    json: { session_id: uuid, label: 'INT-1', isolated: false, created_at: time, expires_at: time },
  })
  const { session_id: id } = created.json as { session_id: string }
  await run(folder, ['payload', 'set', 'bookingco', 'charges', '--session', 'INT-1'], { input: '{"mine":true}' })
  const url = await served(folder)
  const mine = await fetch(`${url}/bookingco/v1/charges`, { headers: { 'x-imnot-session': id } })
  expect(await mine.text()).toBe('{"mine":true}')
  expect(await (await fetch(`${url}/imnot/s/${id}/bookingco/v1/charges`)).text()).toBe('{"mine":true}')
  expect((await fetch(`${url}/bookingco/v1/charges`)).status).toBe(404)
  expect((await run(folder, ['payload', 'list', '--session', 'INT-1', '--json'])).json).toMatchObject([{ bytes: 13 }])
  expect((await run(folder, ['sessions', 'list'])).out).toMatch(new RegExp(`^${id} {2}INT-1 {2}1 payload {2}expires `))
  expect((await run(folder, ['sessions', 'show', 'INT-1'])).json).toMatchObject({ session_id: id })
  const twice = await run(folder, ['sessions', 'create', '--label', 'INT-1'])
  expect(twice).toMatchObject({ code: 1, err: expect.stringContaining('belongs to the session') })
})

test('check tells how the consumer behaved, as text, JSON and JUnit, and fails where it did wrong', async () => {
  const folder = await newProject()
  const url = await served(folder)
  const here = ['--url', url]
  expect((await run(folder, ['check', ...here])).out).toMatch(/^No violation in 0 requests\.$/m)
  const session = (await run(folder, ['sessions', 'create', '--label', 'INT-1', '--json', ...here])).json as {
    session_id: string
  }
  const form = { method: 'POST', headers: { 'x-imnot-session': session.session_id } }
  for (let count = 0; count < 3; count++) expect((await fetch(`${url}/staylink/oauth/token`, form)).status).toBe(200)
  const checked = await run(folder, ['check', '--session', 'INT-1', '--junit', 'conduct.xml', ...here])
  expect(checked).toMatchObject({ code: 1, err: '1 violation in 3 requests.\n' })
  expect(checked.out).toMatch(
    /^token-reuse +VIOLATED\n {2}POST \S+ was asked for 2 tokens while .*\n( {4}request \S+\n){3}/m,
  )
  const junit = await readFile(join(folder, 'conduct.xml'), 'utf8')
  expect(junit).toContain('<testsuites tests="8" failures="1" errors="0" skipped="7">')
  expect(junit).toMatch(/name="token-reuse"><failure message="A client uses its token[^"]*">POST /)
  expect((await run(folder, ['check', '--session', 'INT-1', '--json', ...here])).json).toMatchObject({
    status: 'error',
    verdict: 'violated',
    requests: 3,
  })
})

test('a session is exported into a file and imported from it in another project', async () => {
  const folder = await newProject()
  await run(folder, ['sessions', 'create', '--label', 'INT-4211'])
  const odd = oddBytes[0]?.bytes ?? Buffer.alloc(0)
  await write(folder, 'odd.json', odd)
  await run(folder, ['payload', 'set', 'bookingco', 'charges', 'odd.json', '--session', 'INT-4211'])
  const piped = await run(folder, ['sessions', 'export', 'INT-4211'])
  const written = await run(folder, ['sessions', 'export', 'INT-4211', '--out', 'INT-4211.imnot'])
  expect(written.out).toMatch(/^INT-4211\.imnot: \d+ bytes\n$/)
  const elsewhere = emptyFolder()
  const imported = await run(elsewhere, ['sessions', 'import', join(folder, 'INT-4211.imnot'), '--db', 'their.db'])
  expect(imported).toMatchObject({ code: 0, out: expect.stringMatching(/^label +INT-4211$/m) })
  const get = ['payload', 'get', 'bookingco', 'charges', '--raw', '--session', 'INT-4211', '--db', 'their.db']
  expect((await run(elsewhere, get)).bytes.equals(odd)).toBe(true)
  const again = ['sessions', 'import', '-', '--db', 'their.db']
  expect(await run(elsewhere, again, { input: piped.bytes })).toMatchObject({
    code: 1,
    err: expect.stringContaining('The label "INT-4211" belongs to'),
  })
  expect(await run(elsewhere, [...again, '--label', 'twin'], { input: piped.bytes })).toMatchObject({ code: 0 })
})

test('a session is bound to credentials on the command line, and a running server follows them', async () => {
  const folder = await newProject()
  const url = await served(folder)
  const created = await run(folder, [
    'sessions',
    'create',
    '--bind-api-key',
    'sk_test_4211_secret',
    'k2',
    '--bind-host',
    'a.test',
  ])
  expect(created.out).toMatch(/^bound to {2}api_key sk_t…\nbound to {2}api_key …\nbound to {2}host a\.test$/m)
  expect(created.out).not.toContain('4211_secret')
  const id = /^session +(\S+)$/m.exec(created.out)?.[1] ?? ''
  await write(folder, 'mine.json', '"mine"')
  await run(folder, ['payload', 'set', 'bookingco', 'charges', 'mine.json', '--session', id])
  const charges = await fetch(`${url}/bookingco/v1/charges`, { headers: { 'x-api-key': 'sk_test_4211_secret' } })
  expect(await charges.text()).toBe('"mine"')
  const taken = await run(folder, ['sessions', 'create', '--bind-host', 'a.test'])
  expect(taken).toMatchObject({ code: 1, err: expect.stringContaining(`is bound to the session ${id}`) })
})

test('sessions are deleted one by one, and all of them only where someone agrees', async () => {
  const folder = await newProject()
  for (const label of ['a', 'b', 'c']) await run(folder, ['sessions', 'create', '--label', label])
  expect((await run(folder, ['sessions', 'delete', 'a'])).code).toBe(0)
  expect(await run(folder, ['sessions', 'show', 'a'])).toMatchObject({ code: 1, err: expect.stringContaining("'a'") })
  expect(await run(folder, ['sessions', 'clear'])).toMatchObject({
    code: 2,
    err: 'This deletes 2 sessions, and nobody is here to ask; say so with --yes.\n',
  })
  expect(await run(folder, ['sessions', 'clear'], { answer: 'n' })).toMatchObject({
    code: 1,
    err: 'Delete 2 sessions with everything inside? [y/N] Nothing was deleted.\n',
  })
  expect(await run(folder, ['sessions', 'clear'], { answer: 'y' })).toMatchObject({
    code: 0,
    out: '2 sessions are deleted with everything in them.\n',
  })
  expect((await run(folder, ['sessions', 'clear', '--yes', '--json'])).json).toMatchObject({ deleted: 0 })
  expect((await run(folder, ['sessions', 'list', '--json'])).json).toEqual([])
})

test('flows list and show tell how far a consumer came', async () => {
  const folder = await newProject()
  expect((await run(folder, ['flows', 'list'])).out).toContain('There is no flow')
  const url = await served(folder)
  const { headers } = await fetch(`${url}/staylink/reservations`, { method: 'POST' })
  const id = headers.get('location')?.split('/').at(-1) ?? ''
  await fetch(`${url}/staylink/reservations/${id}`, { method: 'HEAD' })
  const listed = await run(folder, ['flows', 'list', '--json'])
  expect(listed.json).toMatchObject([
    { id, partner: 'staylink', datapoint: 'reservation', session_id: null, steps_done: [1, 2], updated_at: time },
  ])
  expect((await run(folder, ['flows', 'list'])).out).toContain(`${id}  staylink/reservation  steps done: 1, 2`)
  expect((await run(folder, ['flows', 'list', '--partner', 'bookingco', '--json'])).json).toEqual([])
  expect((await run(folder, ['flows', 'show', id, '--json'])).json).toMatchObject({ id, steps_done: [1, 2] })
  expect(await run(folder, ['flows', 'show', 'x'])).toMatchObject({ code: 1, err: expect.stringContaining("'x'") })
  expect((await run(folder, ['flows', 'hold', id, '--json'])).json).toMatchObject({ id, steered: 'hold' })
  expect((await run(folder, ['flows', 'fail', id])).out).toContain('every request for it is refused')
  expect((await fetch(`${url}/staylink/reservations/${id}`, { method: 'HEAD' })).status).toBe(500)
  expect((await run(folder, ['flows', 'complete', id])).out).toContain(`${id} of staylink/reservation is complete`)
  expect((await fetch(`${url}/staylink/reservations/${id}`, { method: 'HEAD' })).status).not.toBe(500)
})

const callback = `partner: rates
datapoints:
  - name: push
    pattern: callback
    endpoints:
      - method: POST
        path: /rates/push
        response:
          callback_url_field: url
`

test('deliveries list, show and redeliver work beside the server that sends them', async () => {
  const folder = await newProject()
  await write(folder, 'partners/rates/partner.yaml', callback)
  await run(folder, ['payload', 'set', 'rates', 'push'], { input: '{"rate":1}' })
  const received: string[] = []
  const receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    received.push(body)
    response.end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void receiver.close())
  const url = await served(folder)
  const target = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  const submit = await fetch(`${url}/rates/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: target }),
  })
  expect(submit.status).toBe(202)
  const { request_id: id } = (await submit.json()) as { request_id: string }
  const list = async () => (await run(folder, ['deliveries', 'list', '--json'])).json
  await vi.waitFor(async () => expect(await list()).toMatchObject([{ id, status: 'delivered', url: target }]), 10_000)
  expect((await run(folder, ['deliveries', 'list'])).out).toBe(`${id}  rates/push  delivered  1 attempt  ${target}\n`)
  expect((await run(folder, ['deliveries', 'show', id])).json).toMatchObject({ id, attempts: [{}] })

  await run(folder, ['payload', 'set', 'rates', 'push'], { input: '{"rate":2}' })
  expect(await run(folder, ['deliveries', 'redeliver', id])).toMatchObject({ code: 0 })
  await vi.waitFor(() => expect(received).toEqual(['{"rate":1}', '{"rate":1}']), 10_000)
  await vi.waitFor(async () => expect(await list()).toMatchObject([{ status: 'delivered' }]), 10_000)
  expect((await run(folder, ['deliveries', 'redeliver', id, '--current', '--json'])).code).toBe(0)
  await vi.waitFor(() => expect(received.at(2)).toBe('{"rate":2}'), 10_000)
  expect(await run(folder, ['deliveries', 'show', 'x'])).toMatchObject({ code: 1, err: expect.stringContaining("'x'") })
})

test('status counts what the storage holds, without a server', async () => {
  const folder = await newProject()
  await run(folder, ['sessions', 'create'])
  expect((await run(folder, ['status', '--json'])).json).toEqual({
    running: false,
    pid: null,
    url: null,
    partners: 2,
    sessions: 1,
    flows: 0,
    deliveries: { pending: 0, delivered: 0, dead: 0 },
  })
  expect((await run(folder, ['status'])).out).toMatch(/^server +does not run\npartners +2\nsessions +1\n/)
})

test('a server elsewhere is asked with its key, which nothing prints', async () => {
  const key = 'k'.repeat(32)
  const url = await served(await newProject(), [key])
  const elsewhere = await newProject()
  const refused = await run(elsewhere, ['sessions', 'list', '--url', url, '--json'])
  expect(refused).toMatchObject({ code: 1, json: { status: 'error', http_status: 401 } })
  const env = { IMNOT_ADMIN_KEY: key }
  const created = await run(elsewhere, ['sessions', 'create', '--label', 'far', '--url', url], { env })
  expect(created).toMatchObject({ code: 0, err: '' })
  const status = await run(elsewhere, ['status', '--url', `${url}/`, '--admin-key', key])
  expect(status.out).toMatch(/^server +runs on /)
  expect(status.out + created.out).not.toContain(key)
  expect((await run(elsewhere, ['sessions', 'list', '--json'])).json).toEqual([])
})

test('where no server answers, the sentence names the address and the remedy', async () => {
  const folder = await newProject()
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const result = await run(folder, ['payload', 'list', '--url', `http://127.0.0.1:${port}`])
  expect(result.code).toBe(1)
  expect(result.err).toContain(`No answer from http://127.0.0.1:${port}: connect ECONNREFUSED`)
  expect(result.err).toContain('Check the address, and that imnot runs there.')
})

test('storage copy moves everything into an empty storage, and refuses one that is not', async () => {
  const folder = await newProject()
  await write(folder, 'a.json', Buffer.from('{"n":1.10}'))
  await run(folder, ['payload', 'set', 'bookingco', 'charges', 'a.json'])
  await run(folder, ['sessions', 'create', '--label', 'INT-4211'])
  expect(await run(folder, ['storage', 'copy', 'sqlite:imnot.db', 'sqlite:copy.db', '--json'])).toMatchObject({
    code: 0,
    json: { status: 'ok', bytes: 10 },
  })
  const there = ['--storage', 'sqlite:copy.db']
  const raw = await run(folder, ['payload', 'get', 'bookingco', 'charges', '--raw', ...there])
  expect(raw.bytes.toString()).toBe('{"n":1.10}')
  expect(await run(folder, ['sessions', 'show', 'INT-4211', '--json', ...there])).toMatchObject({ code: 0 })
  expect(await run(folder, ['storage', 'copy', 'sqlite:imnot.db', 'sqlite:copy.db'])).toMatchObject({ code: 1 })
})

test('storage rewrite puts what is stored under the current encryption key', async () => {
  const folder = await newProject()
  await write(folder, 'a.json', Buffer.from('"Mrs. Okonkwo"'))
  await run(folder, ['payload', 'set', 'bookingco', 'charges', 'a.json'])
  expect(await run(folder, ['storage', 'rewrite'])).toMatchObject({ code: 2 })
  const env = { IMNOT_ENCRYPTION_KEY: 'ab'.repeat(32) }
  expect(await run(folder, ['storage', 'rewrite', '--json'], { env })).toMatchObject({
    code: 0,
    json: { rewritten: 1 },
  })
  const read = ['payload', 'get', 'bookingco', 'charges', '--raw']
  expect((await run(folder, read, { env })).bytes.toString()).toBe('"Mrs. Okonkwo"')
  const without = await run(folder, read)
  expect(without).toMatchObject({ code: 1, err: expect.stringContaining('set IMNOT_ENCRYPTION_KEY') })
})

test('the clock of a session is shown, advanced, frozen and reset, by its label, here and at a server', async () => {
  const folder = await newProject()
  await run(folder, ['sessions', 'create', '--label', 'INT-1'])
  const ofSession = ['--session', 'INT-1']
  expect((await run(folder, ['clock', 'show', ...ofSession])).out).toMatch(/^clock of {2}session [0-9a-f-]{36}\n/)
  const advanced = await run(folder, ['clock', 'advance', '26h', ...ofSession])
  expect(advanced.out).toMatch(/from now {2}\+1d 2h\napplied {3}0\n$/)
  const url = await served(folder)
  const frozen = await run(folder, ['clock', 'freeze', ...ofSession, '--url', url, '--json'])
  expect(frozen).toMatchObject({ code: 0, json: { frozen: true, now: time } })
  expect((await run(folder, ['clock', 'show', ...ofSession])).out).toContain('(frozen)')
  expect((await run(folder, ['clock', 'unfreeze', ...ofSession, '--json'])).json).toMatchObject({ frozen: false })
  expect((await run(folder, ['clock', 'reset', ...ofSession])).out).toContain('none: it is the time of day')
  expect((await run(folder, ['clock', 'advance', '1h', '--json'])).json).toMatchObject({ session_id: null })
  expect(await run(folder, ['clock', 'advance', 'tomorrow', ...ofSession])).toMatchObject({
    code: 1,
    err: expect.stringContaining('such as "90s", "2h" or "3d"'),
  })
})

test('the requests of a running server are listed, filtered, written as HAR, and told as the conversation of a flow', async () => {
  const folder = await newProject()
  expect((await run(folder, ['requests'])).out).toContain('No request came yet')
  const url = await served(folder)
  await run(folder, ['payload', 'set', 'staylink', 'reservation', '-'], { input: '{"id":1}' })
  const submitted = await fetch(`${url}/staylink/reservations`, {
    method: 'POST',
    body: '{"hotel":"H1"}',
    headers: { 'content-type': 'application/json', authorization: 'Bearer top-secret' },
  })
  const id = submitted.headers.get('location')?.split('/').at(-1) ?? ''
  await fetch(`${url}/staylink/reservatons`)
  // The server writes in the background; asked itself, it tells at once.
  const listed = await run(folder, ['requests', '--url', url])
  expect(listed.out).toMatch(
    / POST \/staylink\/reservations {2,}202 {2,}\d+ ms {2,}staylink\/reservation step 1 {2,}-\n/,
  )
  expect(listed.err).toMatch(/GET \/staylink\/reservatons matched no route; the nearest is .* of staylink: /)
  expect((await run(folder, ['requests', '--unmatched', '--json'])).json).toMatchObject({
    requests: [{ status: 404, refused_by: 'no_route' }],
    dropped: 0,
  })
  expect(await run(folder, ['requests', '--har', 'out.har'])).toMatchObject({
    code: 0,
    out: '2 requests written to out.har\n',
  })
  const har = await readFile(join(folder, 'out.har'), 'utf8')
  expect(har).not.toContain('top-secret')
  expect(JSON.parse(har).log).toMatchObject({
    version: '1.2',
    entries: [
      {
        request: { method: 'POST', url: `${url}/staylink/reservations`, postData: { text: '{"hotel":"H1"}' } },
        response: { status: 202 },
      },
      { response: { status: 404 } },
    ],
  })
  const shown = (await run(folder, ['flows', 'show', id])).out
  expect(shown).toContain(`flow        ${id}\n`)
  expect(shown).toMatch(
    /\n\+0\.000 s {2}POST \/staylink\/reservations → 202 {2}staylink\/reservation step 1\n {4}> \{"hotel":"H1"\}\n/,
  )
  expect(await run(folder, ['requests', '--follow', '--har', 'x'])).toMatchObject({ code: 2 })
  expect(await run(folder, ['requests', '--status', 'bad'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('status must be'),
  })
})

test('the conversation of a flow holds its callbacks, with what became of each attempt', async () => {
  const folder = await newProject()
  const receiver = createServer((_request, response) => response.writeHead(503).end())
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void receiver.close())
  const hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  const definition = `partner: hooked
datapoints:
  - name: jobs
    pattern: async
    endpoints:
      - step: 1
        method: POST
        path: /hooked/jobs
        response: { generates_id: true, id_body_field: id }
        callbacks: [ { url: "${hook}", body: { id: "{id}" }, retry: { attempts: 1 } } ]
      - { step: 2, method: GET, path: "/hooked/jobs/{id}" }
`
  await write(folder, 'partners/hooked/partner.yaml', definition)
  const url = await served(folder)
  const { id } = (await (await fetch(`${url}/hooked/jobs`, { method: 'POST' })).json()) as { id: string }
  const show = async () => (await run(folder, ['flows', 'show', id, '--url', url])).out
  await vi.waitFor(async () => expect(await show()).toContain('attempt 1, dead'), { timeout: 5000 })
  const lines = (await show()).split('\n').filter((line) => line.startsWith('+'))
  expect(lines[0]).toContain('POST /hooked/jobs → 202')
  expect(lines[1]).toContain(`callback POST ${hook} → 503  attempt 1, dead`)
  expect((await run(folder, ['flows', 'show', id, '--url', url, '--json'])).json).toMatchObject({
    callbacks: [{ flow_id: id, status: 'dead' }],
  })
})
