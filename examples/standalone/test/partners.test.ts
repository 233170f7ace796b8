import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient } from '@imnot/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reproduceTicket } from '../src/reproduce-ticket.ts'

const example = join(import.meta.dirname, '..')
const require = createRequire(import.meta.url)
const manifest = require.resolve('@imnot/cli/package.json')
const bin = join(dirname(manifest), require(manifest).bin.imnot)

let url = ''
let server: ChildProcess
const folder = mkdtempSync(join(tmpdir(), 'imnot-standalone-'))

// The example as it stands, with a database of this test.
beforeAll(async () => {
  server = spawn(process.execPath, [bin, 'start', '--port', '0', '--json', '--db', join(folder, 'imnot.db')], {
    cwd: example,
    env: { PATH: process.env.PATH ?? '', IMNOT_PID_FILE: join(folder, 'imnot.pid') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (server.stdout === null) throw new Error('no output')
  const [line] = await once(createInterface(server.stdout), 'line')
  const announced = JSON.parse(line)
  expect(announced.skipped).toEqual([])
  url = announced.url
})

afterAll(async () => {
  server.kill('SIGTERM')
  await once(server, 'exit')
  rmSync(folder, { recursive: true, force: true })
})

async function upload(partner: string, datapoint: string): Promise<Buffer> {
  const bytes = readFileSync(join(example, 'partners', partner, 'payloads', `${datapoint}.json`))
  const response = await fetch(`${url}/imnot/admin/${partner}/${datapoint}/payload`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new Uint8Array(bytes),
  })
  expect(response.status).toBe(200)
  return bytes
}

async function bytesOf(response: Response): Promise<Buffer> {
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json')
  return Buffer.from(await response.arrayBuffer())
}

test.each([
  { partner: 'staylink', datapoint: 'reservation', path: '/staylink/reservations' },
  { partner: 'acme', datapoint: 'data-sync', path: '/external/jobs' },
])('$partner takes a job, has it ready, and gives the example payload byte for byte', async (flow) => {
  const payload = await upload(flow.partner, flow.datapoint)
  const submitted = await fetch(`${url}${flow.path}`, { method: 'POST', body: '{}' })
  expect(submitted.status).toBe(202)
  const location = submitted.headers.get('location') ?? ''
  expect(location).toMatch(new RegExp(`^${flow.path}/[0-9a-f-]{36}$`))

  const tooEarly = await fetch(`${url}${location}`)
  expect(tooEarly.status).toBe(409)
  expect(await tooEarly.text()).toContain('step 2')

  const ready = await fetch(`${url}${location}`, { method: 'HEAD' })
  expect([ready.status, ready.headers.get('status')]).toEqual([201, 'COMPLETED'])
  expect((await bytesOf(await fetch(`${url}${location}`))).equals(payload)).toBe(true)
  expect((await bytesOf(await fetch(`${url}${location}`))).equals(payload)).toBe(true)
})

test('StayLink hands out a token for an hour', async () => {
  const response = await fetch(`${url}/staylink/oauth/token`, { method: 'POST' })
  expect(await response.json()).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600 })
})

test('BookingCo answers with the room types of its definition', async () => {
  const response = await fetch(`${url}/bookingco/v1/room-types`)
  expect(await response.json()).toEqual({
    room_types: [
      { code: 'SGL', name: 'Single room', beds: 1 },
      { code: 'DBL', name: 'Double room', beds: 2 },
    ],
  })
})

test('BookingCo has no charges until they are uploaded, then exactly those', async () => {
  expect((await fetch(`${url}/bookingco/v1/charges`)).status).toBe(404)
  const payload = await upload('bookingco', 'charges')
  expect((await bytesOf(await fetch(`${url}/bookingco/v1/charges`))).equals(payload)).toBe(true)
})

test('the first example of @imnot/client meets its ticket in a session, and leaves nothing behind', async () => {
  const ticket = Buffer.from('{"amount":1.10,"amount":1e400}')
  expect(await reproduceTicket(url, ticket)).toBe(ticket.toString())
  expect(await createClient({ url }).sessions.list()).toEqual([])
})

test('imnot init writes the StayLink, the BookingCo and the settings of this example', async () => {
  const init = spawn(process.execPath, [bin, 'init', '--dir', folder, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  init.stdout.on('data', (chunk) => {
    output += chunk
  })
  await once(init, 'close')
  const { files } = JSON.parse(output) as { files: string[] }
  expect(files.length).toBeGreaterThan(4)
  for (const file of files) {
    expect(readFileSync(join(folder, file), 'utf8'), file).toBe(readFileSync(join(example, file), 'utf8'))
  }
})
