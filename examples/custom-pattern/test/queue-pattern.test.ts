import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createImnot, type Imnot } from '@imnot/node'
import { sqliteStorage } from '@imnot/storage-sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { queuePattern } from '../src/queue-pattern.ts'

const partners = fileURLToPath(new URL('../partners', import.meta.url))
const json = { 'content-type': 'application/json' }

async function start(): Promise<Imnot> {
  const imnot = await createImnot({ partners, patterns: [queuePattern] })
  onTestFinished(() => imnot.close())
  return imnot
}

async function ask(imnot: Imnot, path: string, body: unknown = {}, headers = {}) {
  const answer = await imnot.fetch(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { ...json, ...headers },
  })
  return { status: answer.status, json: await answer.json() }
}

test('messages are taken once, in the order in which they came', async () => {
  const imnot = await start()
  expect(await ask(imnot, '/messages', { order: 1 })).toEqual({ status: 202, json: { waiting: 1 } })
  expect(await ask(imnot, '/messages', { order: 2 })).toEqual({ status: 202, json: { waiting: 2 } })
  expect(await ask(imnot, '/messages', { order: 3 })).toMatchObject({ status: 409 })
  expect(await ask(imnot, '/messages/next')).toEqual({ status: 200, json: { message: { order: 1 }, waiting: 1 } })
  expect(await ask(imnot, '/messages/next')).toEqual({ status: 200, json: { message: { order: 2 }, waiting: 0 } })
  expect(await ask(imnot, '/messages/next')).toMatchObject({ status: 404 })
})

test('each session has a queue of its own, which goes with it', async () => {
  const imnot = await start()
  const session = await imnot.sessions.create()
  await ask(imnot, '/messages', { for: 'all' })
  await ask(imnot, '/messages', { for: 'one' }, session.headers)
  const mine = await ask(imnot, '/messages/next', {}, session.headers)
  expect(mine.json).toEqual({ message: { for: 'one' }, waiting: 0 })
  await session.delete()
  expect((await ask(imnot, '/messages/next')).json).toEqual({ message: { for: 'all' }, waiting: 0 })
})

test('parallel requests to two nodes take each message once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'imnot-queue-'))
  const nodes = await Promise.all(
    [0, 1].map(async () => {
      const storage = sqliteStorage({ path: join(folder, 'imnot.db') })
      const imnot = await createImnot({ partners, patterns: [queuePattern], storage })
      return { imnot, close: () => imnot.close().then(() => storage.close()) }
    }),
  )
  onTestFinished(async () => {
    for (const { close } of nodes) await close()
    await rm(folder, { recursive: true })
  })
  const on = (index: number) => nodes[index % 2]?.imnot as Imnot
  for (let round = 0; round < 10; round++) {
    await Promise.all([0, 1].map((index) => ask(on(index), '/messages', { round, index })))
    const taken = await Promise.all([0, 1, 2, 3].map((index) => ask(on(index), '/messages/next')))
    const messages = taken.filter(({ status }) => status === 200).map(({ json }) => json.message.index)
    expect(messages.sort()).toEqual([0, 1])
  }
})

test('a definition has its own keys, and its faults are told by line and column', async () => {
  const wrong = `partner: orders
datapoints:
  - name: inbox
    pattern: queue
    capacity: many
    endpoints:
      - { method: POST, path: /messages, does: pull }
`
  await expect(createImnot({ definitions: [wrong], patterns: [queuePattern] })).rejects.toMatchObject({
    code: 'DEFINITION_INVALID',
    message:
      'definitions[0]:5:15 "capacity" must be a whole number, at least 1, found "many".\n' +
      'definitions[0]:7:48 "does" must be one of put, take, found "pull"; did you mean "put"?',
  })
})

test('the endpoints have what those of every pattern have', async () => {
  const definition = {
    partner: 'orders',
    errors: { not_found: { status: 204 } },
    datapoints: [
      {
        name: 'inbox',
        pattern: 'queue',
        endpoints: [
          {
            method: 'POST',
            path: '/put',
            does: 'put',
            responses: [{ when: { body: { bad: true } }, response: { status: 422 } }],
          },
          { method: 'POST', path: '/take', does: 'take', response: { body: '{{ record.message }}' } },
        ],
      },
    ],
  }
  await using imnot = await createImnot({ definitions: [definition], patterns: [queuePattern] })
  const post = async (path: string, body = '{}') => imnot.fetch(path, { method: 'POST', body, headers: json })
  expect((await post('/put', '{"bad":true}')).status).toBe(422)
  expect((await post('/take')).status).toBe(204)
  expect((await post('/put', '{"n":1}')).status).toBe(200)
  expect(await (await post('/take')).json()).toEqual({ n: 1 })
})
