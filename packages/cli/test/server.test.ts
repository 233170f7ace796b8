import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { spawnBin, startBin } from './support/bin.ts'
import { emptyFolder, newProject, write } from './support/folder.ts'
import { run } from './support/run.ts'

test('start --json prints one line with all that a program needs, status finds the server and stop ends it', async () => {
  const folder = await newProject()
  const server = await startBin(folder)
  expect(server.out().trimEnd()).not.toContain('\n')
  expect(server.announced).toMatchObject({
    pid: server.child.pid,
    storage: `sqlite:${join(folder, 'imnot.db')}`,
    partners_dir: join(folder, 'partners'),
    partners: [{ partner: 'bookingco' }, { partner: 'staylink' }],
    skipped: [],
  })
  expect(await (await fetch(`${server.url}/healthz`)).json()).toMatchObject({ status: 'ok' })
  expect((await run(folder, ['status', '--json'])).json).toMatchObject({
    running: true,
    pid: server.child.pid,
    url: server.url,
    partners: 2,
  })
  expect((await run(folder, ['stop', '--json'])).json).toEqual({ status: 'ok', pid: server.child.pid })
  expect(await server.exit).toEqual([0, null])
  expect(existsSync(join(folder, 'imnot.pid'))).toBe(false)
  expect(await run(folder, ['stop'])).toMatchObject({ code: 1, err: expect.stringContaining('No imnot runs here') })
})

test('start prints the routes, lines to try and where to point the system under test', async () => {
  const server = spawnBin(await newProject(), ['start', '--port', '0', '--base-url', 'https://mock.example.com/x'])
  await server.said('Ctrl-C stops.')
  expect(server.err()).toBe('')
  expect(server.out()).toMatch(/^imnot \S+ listens on http:\/\/127\.0\.0\.1:\d+, and keeps its state in sqlite:/)
  expect(server.out()).toContain('  GET   /staylink/reservations/{id}  staylink/reservation  async, step 3\n')
  expect(server.out()).toContain('Try it:\n  curl ')
  expect(server.out()).toContain('Point the system under test at https://mock.example.com/x instead of the partner.')
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends the server with 0 and removes its pid file',
  async (signal) => {
    const folder = await newProject()
    const server = await startBin(folder)
    server.child.kill(signal)
    expect(await server.exit).toEqual([0, null])
    expect(server.err()).toContain(`${signal}: finishing what was accepted; once more ends at once.`)
    expect(existsSync(join(folder, 'imnot.pid'))).toBe(false)
  },
)

test('a second Ctrl-C does not wait for a request that never ends', async () => {
  const server = await startBin(await newProject())
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  socket.write(
    'POST /imnot/admin/bookingco/charges/payload HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n',
  )
  await new Promise((resolve) => socket.once('data', resolve))
  server.child.kill('SIGINT')
  await server.said('SIGINT: finishing')
  server.child.kill('SIGINT')
  expect(await server.exit).toEqual([130, null])
})

test('after kill -9 the pid file names no server, and the next start has the state', async () => {
  const folder = await newProject()
  const killed = await startBin(folder)
  const submit = await fetch(`${killed.url}/staylink/reservations`, { method: 'POST' })
  const location = submit.headers.get('location')
  await run(folder, ['payload', 'set', 'staylink', 'reservation'], { input: '{"kept":1.10}' })
  killed.child.kill('SIGKILL')
  await killed.exit
  expect((await run(folder, ['status', '--json'])).json).toMatchObject({ running: false, pid: null, flows: 1 })

  const next = await startBin(folder)
  expect(next.err()).toBe('')
  expect(JSON.parse(await readFile(join(folder, 'imnot.pid'), 'utf8'))).toMatchObject({ pid: next.child.pid })
  expect((await fetch(`${next.url}${location}`, { method: 'HEAD' })).status).toBe(201)
  expect(await (await fetch(`${next.url}${location}`)).text()).toBe('{"kept":1.10}')
})

test('stop removes a pid file that a killed server left, and says so', async () => {
  const folder = await newProject()
  const killed = await startBin(folder)
  killed.child.kill('SIGKILL')
  await killed.exit
  const stop = await run(folder, ['stop'])
  expect(stop).toMatchObject({ code: 1, err: expect.stringContaining('has ended; the file is removed') })
  expect(existsSync(join(folder, 'imnot.pid'))).toBe(false)
})

test('stop never ends a stranger that has the process id by now', async () => {
  const folder = await newProject()
  await write(folder, 'imnot.pid', JSON.stringify({ pid: process.ppid }))
  expect(await run(folder, ['stop'])).toMatchObject({ code: 1, err: expect.stringContaining('has ended') })
  await write(folder, 'imnot.pid', 'garbage')
  expect(await run(folder, ['stop'])).toMatchObject({ code: 1, err: expect.stringContaining('has ended') })
})

test('a second server in a folder leaves the mark of the first', async () => {
  const folder = await newProject()
  const first = await startBin(folder)
  const second = await startBin(folder)
  expect(second.err()).toContain('Another imnot runs in this folder; `imnot stop` stops that one.')
  second.child.kill('SIGTERM')
  await second.exit
  expect((await run(folder, ['status', '--json'])).json).toMatchObject({ running: true, pid: first.child.pid })
})

test('a port that is taken is exit 1 with the port and the remedy', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as AddressInfo
  const start = spawnBin(await newProject(), ['start', '--port', String(port)])
  expect(await start.exit).toEqual([1, null])
  expect(start.err()).toBe(
    `Port ${port} on 127.0.0.1 is in use by another process; stop it, or choose another port with --port or IMNOT_PORT.\n`,
  )
})

test.each([
  { args: ['--host', '0.0.0.0'], env: {}, says: 'set IMNOT_ADMIN_KEY to at least 24 random characters' },
  { args: [], env: { IMNOT_ADMIN_KEY: 'short' }, says: 'An admin key has at least 24 characters, found 5' },
  { args: ['--storage', 'nope:'], env: {}, says: 'No storage has the scheme nope:; use memory:, sqlite:PATH' },
])('what would be unsafe or cannot be is exit 78: start $args', async ({ args, env, says }) => {
  const start = spawnBin(await newProject(), ['start', '--port', '0', ...args], { env })
  expect(await start.exit).toEqual([78, null])
  expect(start.out()).toBe('')
  expect(start.err()).toContain(says)
})

test('a broken partner is named with line and column, and the others are served', async () => {
  const folder = await newProject()
  await write(folder, 'partners/bad/partner.yaml', 'partner: bad\ndatapoints:\n  - nam: x\n')
  const server = await startBin(folder)
  expect(server.announced.skipped).toEqual([
    {
      file: 'partners/bad/partner.yaml',
      diagnostics: expect.arrayContaining([expect.stringMatching(/^partners\/bad\/partner\.yaml:3:5 /)]),
    },
  ])
  expect((await fetch(`${server.url}/bookingco/v1/room-types`)).status).toBe(200)
})

test('start needs no partner, and says how to get one', async () => {
  const folder = emptyFolder()
  const server = spawnBin(folder, ['start', '--port', '0', '--storage', 'memory:'])
  await server.said('Ctrl-C stops.')
  expect(server.out()).toContain(`There is no partner in ${join(folder, 'partners')} yet: \`imnot init\` writes two`)
})

test('--watch serves what a file says now, and goes on with the last good version of a faulty one', async () => {
  const folder = await newProject()
  const server = spawnBin(folder, ['start', '--port', '0', '--watch'])
  await server.said('Ctrl-C stops.')
  const url = /listens on (\S+),/.exec(server.out())?.[1] ?? ''
  const file = join(folder, 'partners/bookingco/partner.yaml')
  const yaml = await readFile(file, 'utf8')
  await writeFile(file, yaml.replace('/bookingco/v1/room-types', '/bookingco/v2/room-types'))
  await server.said('Reloaded: bookingco changed.')
  expect((await fetch(`${url}/bookingco/v2/room-types`)).status).toBe(200)
  await writeFile(file, yaml.replace('pattern: static', 'pattern: statc'))
  await server.said('bookingco/partner.yaml is faulty; what was good before goes on being served:')
  expect((await fetch(`${url}/bookingco/v2/room-types`)).status).toBe(200)
})

test('a payload that the command sets is what the running server answers within 100 ms', async () => {
  const folder = await newProject()
  const { url } = await startBin(folder)
  for (const version of [1, 2, 3]) {
    await run(folder, ['payload', 'set', 'bookingco', 'charges'], { input: `{"version":${version}}` })
    const setAt = performance.now()
    let askedAt = setAt
    let answer = ''
    while (answer !== `{"version":${version}}` && askedAt - setAt <= 100) {
      askedAt = performance.now()
      answer = await (await fetch(`${url}/bookingco/v1/charges`)).text()
    }
    // The last request began after the 100 ms, unless an earlier one had the answer.
    expect(answer).toBe(`{"version":${version}}`)
  }
})

test('a session that the command makes is known to the running server, and gone when the command deletes it', async () => {
  const folder = await newProject()
  const { url } = await startBin(folder)
  const { json } = await run(folder, ['sessions', 'create', '--label', 'INT-7', '--json'])
  const { session_id: id } = json as { session_id: string }
  await run(folder, ['payload', 'set', 'bookingco', 'charges', '--session', 'INT-7'], { input: '"mine"' })
  const ask = () => fetch(`${url}/bookingco/v1/charges`, { headers: { 'x-imnot-session': id } })
  expect(await (await ask()).text()).toBe('"mine"')
  await run(folder, ['sessions', 'delete', 'INT-7'])
  await expect.poll(async () => (await ask()).text(), { timeout: 5000, interval: 20 }).toContain('it was deleted')
})
