import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { urlBelow } from '@imnot/core'
import { imnotExpress } from '@imnot/express'
import { imnotFastify } from '@imnot/fastify'
import { type Imnot, serve, toNodeHandler } from '@imnot/node'
import express from 'express'
// @ts-expect-error: no types of Express 4 beside those of 5.
import express4 from 'express4'
import fastify from 'fastify'
import { Hono } from 'hono'
import { connectionTo, type Received, type Sent } from './client.ts'

/** One way to be reached by a client. */
export interface Mount {
  readonly name: string
  /** What stands before every path. */
  readonly path: '' | '/mock'
  /** The host's parsers read JSON and forms before imnot sees them: `values` is all that they leave, or the bytes too. */
  readonly parsed?: 'values' | 'bytes'
  /** A service with an answer of its own for what is not imnot's. */
  readonly isHost?: boolean
  start(imnot: Imnot): Promise<Mounted>
}

export interface Mounted {
  /** Absent where there is no socket. */
  readonly port?: number
  send(sent: Sent): Promise<Received>
  close(): Promise<void>
}

/** What a host answers to whatever is not imnot's. */
export const hostAnswer = 'the host'

type Express = typeof express
const expresses: readonly (readonly [string, Express])[] = [
  ['Express 5', express],
  ['Express 4', express4],
]

export const mounts: readonly Mount[] = [
  { name: 'the engine', path: '', start: async (imnot) => onEngine(imnot, '') },
  { name: 'the engine below a path', path: '/mock', start: async (imnot) => onEngine(imnot, '/mock') },
  {
    name: 'the node server',
    path: '',
    async start(imnot) {
      const { server } = await serve(imnot, { port: 0 })
      return mounted(server)
    },
  },
  {
    name: 'node:http with routes of its own',
    path: '',
    isHost: true,
    start(imnot) {
      const handler = toNodeHandler(imnot.engine)
      return listening((request, response) => handler(request, response, () => response.end(hostAnswer)))
    },
  },
  ...expresses.flatMap(([name, make]): Mount[] => [
    { name, path: '', start: (imnot) => listening(make().use(imnotExpress(imnot))) },
    {
      name: `${name} below a path, before the parsers of its host`,
      path: '/mock',
      isHost: true,
      start: (imnot) => listening(withHost(make().use('/mock', imnotExpress(imnot)).use(make.json()))),
    },
    {
      name: `${name} after the parsers of its host`,
      path: '',
      parsed: 'values',
      isHost: true,
      start: (imnot) => listening(withHost(withParsers(make().disable('x-powered-by'), make).use(imnotExpress(imnot)))),
    },
    {
      name: `${name} after parsers that keep the bytes`,
      path: '',
      parsed: 'bytes',
      isHost: true,
      start: (imnot) => listening(withHost(withParsers(make(), make, keepBytes).use(imnotExpress(imnot)))),
    },
  ]),
  {
    name: 'Fastify',
    path: '',
    async start(imnot) {
      const app = fastify()
      await app.register(imnotFastify, { imnot })
      await app.listen()
      return mounted(app.server)
    },
  },
  {
    name: 'Fastify below a path of a host',
    path: '/mock',
    isHost: true,
    async start(imnot) {
      const app = fastify()
      await app.register(imnotFastify, { imnot, prefix: '/mock' })
      app.addContentTypeParser('*', (_request, _body, done) => done(new Error('the host parsed it')))
      app.all('/*', async () => hostAnswer)
      await app.listen()
      return mounted(app.server)
    },
  },
  { name: 'Fetch', path: '', start: async (imnot) => onFetch((request) => imnot.fetch(request)) },
  {
    name: 'Fetch below a path of a Hono host',
    path: '/mock',
    isHost: true,
    async start(imnot) {
      const app = new Hono()
      app.all('/mock/*', (context) => imnot.engine.fetch(context.req.raw, { prefix: '/mock' }))
      app.all('*', (context) => context.text(hostAnswer))
      return onFetch(async (request) => app.fetch(request))
    },
  },
]

type Options = NonNullable<Parameters<Express['json']>[0]>

const keepBytes: Options = {
  verify(request, _response, bytes) {
    Object.assign(request, { rawBody: bytes })
  },
}

function withParsers(app: ReturnType<Express>, make: Express, options: Options = {}) {
  return app.use(make.json(options)).use(make.urlencoded({ extended: true, ...options }))
}

function withHost(app: ReturnType<Express>) {
  return app.use((_request, response) => {
    response.end(hostAnswer)
  })
}

async function onEngine({ engine }: Imnot, path: string): Promise<Mounted> {
  return {
    async send({ method, path: url, headers = {}, body }) {
      const local = urlBelow(url, path) ?? url
      const fetchHeaders = new Headers(headers)
      const match = engine.match(method, local, fetchHeaders)
      const answer =
        match === null
          ? engine.notFound(method, local)
          : await engine.handle(
              {
                method,
                url: local,
                headers: fetchHeaders,
                body: body === undefined ? null : once(body),
                mountPath: path,
              },
              match,
            )
      const chunks: Uint8Array[] = []
      if (answer.body instanceof Uint8Array) chunks.push(answer.body)
      else for await (const chunk of answer.body ?? []) chunks.push(chunk)
      const headerPairs = answer.headers.flatMap((name, index): [string, string][] =>
        index % 2 === 0 ? [[name.toLowerCase(), answer.headers[index + 1] ?? '']] : [],
      )
      return {
        status: answer.status,
        headers: headerPairs,
        body: method === 'HEAD' ? Buffer.alloc(0) : Buffer.concat(chunks),
      }
    },
    async close() {},
  }
}

function onFetch(fetch: (request: Request) => Promise<Response>): Mounted {
  return {
    async send({ method, path, headers = {}, body }) {
      const url = path.startsWith('/') ? `http://mock${path}` : path
      const init: RequestInit = {
        method,
        headers: { ...headers },
        ...(body === undefined ? {} : { body: new Blob([body as Uint8Array<ArrayBuffer>]) }),
      }
      const response = await fetch(new Request(url, init))
      return {
        status: response.status,
        headers: [...response.headers],
        body: Buffer.from(await response.arrayBuffer()),
      }
    },
    async close() {},
  }
}

async function listening(listener: RequestListener): Promise<Mounted> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return mounted(server)
}

function mounted(server: Server): Mounted {
  const { port } = server.address() as AddressInfo
  const connection = connectionTo(port)
  return {
    port,
    send: connection.send,
    async close() {
      connection.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function* once(body: Uint8Array | string) {
  yield typeof body === 'string' ? Buffer.from(body) : body
}
