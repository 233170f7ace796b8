import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createImnot, type MountableImnot } from '@imnot/node'
import express, { type ErrorRequestHandler } from 'express'
// @ts-expect-error: no types of Express 4 beside those of 5.
import express4 from 'express4'
import { describe, expect, onTestFinished, test } from 'vitest'
import { imnotExpress } from '../src/imnot-express.ts'

/** An imnot that owns /mocked and answers as it is told. */
function answering(handle: MountableImnot['engine']['handle']): MountableImnot {
  const engine = {
    match: (_method: string, url: string) => (url.startsWith('/mocked') ? { kind: 'miss' } : null),
    handle,
  } as unknown as MountableImnot['engine']
  return { engine, isGuarded: true }
}

async function listening(app: ReturnType<typeof express>): Promise<string> {
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('is refused without an admin key, unless the admin API is off', async () => {
  await using open = await createImnot()
  expect(() => imnotExpress(open)).toThrow(
    expect.objectContaining({ code: 'ADMIN_KEY_REQUIRED', message: expect.stringContaining('or admin: false') }),
  )
  await using off = await createImnot({ admin: false })
  expect((await fetch(`${await listening(express().use(imnotExpress(off)))}/imnot/admin/sessions`)).status).toBe(404)
})

describe.each([
  ['Express 5', express],
  ['Express 4', express4 as typeof express],
])('%s', (_name, make) => {
  test('gets what nobody expected in its own error handler, with nothing of the answer sent or set', async () => {
    const failures = [
      () => {
        throw new Error('at once')
      },
      () => Promise.reject(new Error('later')),
      () => ({ status: 200, headers: ['content-length', '999', 'x-bad', 'a\nb'], body: Buffer.from('x') }),
    ]
    for (const fail of failures) {
      const onError: ErrorRequestHandler = (error, _request, response, _next) => {
        response.status(500).end(`the host: ${error.message}`)
      }
      const url = await listening(
        make()
          .use(imnotExpress(answering(fail)))
          .use(onError),
      )
      const answer = await fetch(`${url}/mocked`)
      expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('the host: ')])
      expect(answer.headers.get('x-bad')).toBeNull()
    }
  })

  test('may mount one imnot in two hosts and at two paths, and each location leads back to where it came from', async () => {
    const seen: (string | undefined)[] = []
    const imnot = answering(({ mountPath }) => {
      seen.push(mountPath)
      return { status: 204, headers: [], body: null }
    })
    const inner = make.Router().use('/inner', imnotExpress(imnot))
    const one = await listening(make().use('/a', imnotExpress(imnot)).use('/b', inner))
    const two = await listening(make().use(imnotExpress(imnot)))
    for (const url of [`${one}/a/mocked`, `${one}/b/inner/mocked?x`, `${two}/mocked`]) {
      expect((await fetch(url)).status).toBe(204)
    }
    expect(seen).toEqual(['/a', '/b/inner', ''])
  })

  test('says what to do where a body that is needed was read by the host and cannot be rebuilt', async () => {
    await using imnot = await createImnot({ adminKeys: ['a-key-with-24-characters-or-more'] })
    const app = make().use((request, _response, next) => {
      request.resume().on('end', () => next())
    })
    const answer = await fetch(`${await listening(app.use(imnotExpress(imnot)))}/imnot/admin/sessions`, {
      method: 'POST',
      headers: { authorization: 'Bearer a-key-with-24-characters-or-more', 'content-type': 'application/xml' },
      body: '<a/>',
    })
    const { detail } = (await answer.json()) as { detail: string }
    expect([answer.status, detail]).toEqual([409, expect.stringContaining('mount imnot before the host')])
  })

  test('goes on when the client of a mocked endpoint goes away in the middle of its body', async () => {
    const aborted = deferred<string>()
    const errors: unknown[] = []
    const onError: ErrorRequestHandler = (error, _request, response, _next) => {
      errors.push(error)
      response.end()
    }
    const imnot = answering(async ({ body }) => {
      for await (const _chunk of body ?? []) {
        // Read to its end.
      }
      return { status: 204, headers: [], body: null }
    })
    const inner = imnot.engine.handle
    const watched = answering(async (request, match) => {
      try {
        return await inner(request, match)
      } catch (error) {
        aborted.resolve((error as { code: string }).code)
        throw error
      }
    })
    const url = await listening(make().use(imnotExpress(watched)).use(onError))
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write('POST /mocked HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc', () => socket.destroy())
    })
    expect(await aborted.promise).toBe('REQUEST_ABORTED')
    expect((await fetch(`${url}/mocked`)).status).toBe(204)
    expect(errors).toEqual([])
  })
})

function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
