import { ManagementClient } from 'auth0'
import { expect, test } from 'vitest'
import { servePartner } from '../support/serve-partner.ts'

async function tenant() {
  const { url, imnot } = await servePartner('auth0')
  const domain = new URL(url).host
  // The client speaks https alone, and the mock has no certificate: its own `fetch` option leads to the plain port.
  const plain: typeof fetch = (input, init) => fetch(String(input).replace(/^https:/, 'http:'), init)
  const client = (clientId: string, clientSecret: string) =>
    new ManagementClient({ domain, clientId, clientSecret, fetch: plain, maxRetries: 0 })
  return { imnot, manager: client('manager', 'manager-secret'), client }
}

const connection = 'Username-Password-Authentication'

test('users are created, read, changed, and deleted with a token that the client fetches by itself, once', async () => {
  const { manager, imnot } = await tenant()
  const made = await manager.users.create({ connection, email: 'ada@acme.test', password: 'Pa55word!' })
  expect(made).toMatchObject({ user_id: expect.stringMatching(/^auth0\|[0-9a-f]{24}$/), email: 'ada@acme.test' })
  expect(made).not.toHaveProperty('password')
  const id = made.user_id ?? ''
  expect(await manager.users.update(id, { name: 'Ada' })).toMatchObject({ name: 'Ada' })
  expect(await manager.users.get(id)).toMatchObject({ user_id: id, name: 'Ada', email_verified: false })
  await expect(manager.users.create({ connection, email: 'ada@acme.test' })).rejects.toMatchObject({ statusCode: 409 })
  await manager.users.delete(id)
  await expect(manager.users.get(id)).rejects.toMatchObject({ statusCode: 404 })
  const asked = async () => (await imnot.requests.list()).filter(({ datapoint }) => datapoint === 'token').length
  await expect.poll(asked).toBe(1)
})

test('a list is paged by number from 0, with totals, as the client goes through it', async () => {
  const { manager } = await tenant()
  for (const name of ['ada', 'bea', 'cid', 'dan', 'eve']) {
    await manager.users.create({ connection, email: `${name}@acme.test` })
  }
  const page = await manager.users.list({ per_page: 2, include_totals: true })
  expect(page.response).toMatchObject({ start: 0, limit: 2, length: 2, total: 5 })
  const emails: unknown[] = []
  for await (const user of page) emails.push(user.email)
  expect(emails).toEqual(['ada', 'bea', 'cid', 'dan', 'eve'].map((name) => `${name}@acme.test`))
})

test('an import is pending, is processed, and has made its users when it is completed', async () => {
  const { manager, imnot } = await tenant()
  const users = new Blob([
    JSON.stringify([{ email: 'ada@acme.test', email_verified: true }, { email: 'bea@acme.test' }]),
  ])
  const job = await manager.jobs.usersImports.create({ users, connection_id: 'con_1', external_id: 'run-7' })
  expect(job).toMatchObject({ status: 'pending', type: 'users_import', connection_id: 'con_1', external_id: 'run-7' })
  const status = async () => (await manager.jobs.get(job.id)).status
  expect(await status()).toBe('processing')
  expect((await manager.users.list()).data).toEqual([])
  await imnot.clock.advance('30s')
  expect(await manager.jobs.get(job.id)).toMatchObject({
    status: 'completed',
    summary: { failed: 0, updated: 0, inserted: 2, total: 2 },
  })
  const imported = (await manager.users.list()).data
  expect(imported.map(({ email, email_verified }) => [email, email_verified])).toEqual([
    ['ada@acme.test', true],
    ['bea@acme.test', false],
  ])
})

test('a wrong secret and a scope that does not suffice are refused as the client expects it', async () => {
  const { client } = await tenant()
  await expect(client('manager', 'wrong').users.list()).rejects.toMatchObject({
    statusCode: 401,
    body: { error: 'invalid_client' },
  })
  const reader = client('reader', 'reader-secret')
  expect((await reader.users.list()).data).toEqual([])
  const refused = reader.users.create({ connection, email: 'ada@acme.test' })
  await expect(refused).rejects.toMatchObject({ statusCode: 403, body: { errorCode: 'insufficient_scope' } })
})
