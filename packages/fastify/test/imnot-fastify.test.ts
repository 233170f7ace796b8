import { createImnot, type MountableImnot } from '@imnot/node'
import fastify, { type FastifyServerOptions } from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { imnotFastify } from '../src/imnot-fastify.ts'

/** An imnot that owns /mocked and answers as it is told. */
function answering(handle: MountableImnot['engine']['handle']): MountableImnot {
  const engine = {
    match: (_method: string, url: string) => (url.startsWith('/mocked') ? { kind: 'miss' } : null),
    handle,
  } as unknown as MountableImnot['engine']
  return { engine, isGuarded: true }
}

const text = (body: string) => ({ status: 200, headers: ['x-from', 'imnot'], body: Buffer.from(body) })

function service(options: FastifyServerOptions = {}) {
  const app = fastify(options)
  onTestFinished(() => app.close())
  return app
}

test('is refused without an admin key, unless the admin API is off', async () => {
  await using open = await createImnot()
  await expect(service().register(imnotFastify, { imnot: open })).rejects.toMatchObject({
    code: 'ADMIN_KEY_REQUIRED',
    message: expect.stringContaining('or admin: false'),
  })
  await using off = await createImnot({ admin: false })
  const app = service()
  await app.register(imnotFastify, { imnot: off })
  expect((await app.inject('/imnot/admin/sessions')).statusCode).toBe(404)
})

test.each(['mock', '/mock/', '/', '/mock?x'])('a prefix %j is refused with what it should be', async (prefix) => {
  const imnot = answering(() => text(''))
  await expect(service().register(imnotFastify, { imnot, prefix })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('such as "/mock"'),
  })
})

test('is refused within another plugin, where it would see no request', async () => {
  const imnot = answering(() => text(''))
  const app = service().register(async (scope) => {
    await scope.register(imnotFastify, { imnot })
  })
  await expect(app.ready()).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

test('answers an injected request, below its prefix alone', async () => {
  const app = service()
  const imnot = answering(({ url, mountPath }) => text(`${mountPath} ${url}`))
  await app.register(imnotFastify, { imnot, prefix: '/a' })
  await app.register(imnotFastify, { imnot, prefix: '/b' })
  app.get('/mocked', async () => 'the host')
  const bodies = await Promise.all(
    ['/a/mocked?q', '/b/mocked', '/mocked', '/ab/mocked'].map(async (url) => (await app.inject(url)).body),
  )
  expect(bodies).toEqual(['/a /mocked?q', '/b /mocked', 'the host', expect.stringContaining('Route GET:/ab/mocked')])
})

test('an error that nobody expected is answered by the error handler of the service', async () => {
  const failures: MountableImnot['engine']['handle'][] = [
    () => {
      throw new Error('at once')
    },
    () => Promise.reject(new Error('later')),
    () => ({ status: 200, headers: ['content-length', '999', 'x-bad', 'a\nb'], body: Buffer.from('x') }),
  ]
  for (const fail of failures) {
    const app = service()
    await app.register(imnotFastify, { imnot: answering(fail) })
    app.setErrorHandler((error, _request, reply) => reply.code(500).send(`the host: ${(error as Error).message}`))
    const answer = await app.inject('/mocked')
    expect([answer.statusCode, answer.body]).toEqual([500, expect.stringContaining('the host: ')])
  }
})

test('onResponse hooks see the answers of imnot; onSend hooks and the time limit of handlers leave them alone', async () => {
  const app = service({ handlerTimeout: 50 })
  const seen: string[] = []
  app.addHook('onResponse', async (_request, reply) => void seen.push(`onResponse ${reply.raw.statusCode}`))
  app.addHook('onSend', async () => void seen.push('onSend'))
  async function* slowly() {
    yield Buffer.from('first, ')
    await new Promise((resolve) => setTimeout(resolve, 150))
    yield Buffer.from('last')
  }
  await app.register(imnotFastify, { imnot: answering(() => ({ status: 200, headers: [], body: slowly() })) })
  const answer = await app.inject('/mocked')
  expect([answer.statusCode, answer.body, seen]).toEqual([200, 'first, last', ['onResponse 200']])
})
