import { createServer, type Server } from 'node:http'
import { imnotExpress } from '@imnot/express'
import { imnotFastify } from '@imnot/fastify'
import type { Imnot } from '@imnot/node'
import express, { type ErrorRequestHandler } from 'express'
// @ts-expect-error: no types of Express 4 beside those of 5.
import express4 from 'express4'
import fastify from 'fastify'

/** A service as somebody may have it, with imnot mounted or, for null, without. */
export interface Service {
  readonly name: string
  start(imnot: Imnot | null): Promise<Server>
}

type Express = typeof express

export const services: readonly Service[] = [
  { name: 'Express 5, imnot before its parsers', start: (imnot) => expressService(express, imnot, 'before') },
  { name: 'Express 5, imnot after its parsers', start: (imnot) => expressService(express, imnot, 'after') },
  { name: 'Express 4, imnot before its parsers', start: (imnot) => expressService(express4, imnot, 'before') },
  { name: 'Express 4, imnot after its parsers', start: (imnot) => expressService(express4, imnot, 'after') },
  { name: 'Fastify', start: fastifyService },
]

const sixMegabytes = 6_000_000

async function expressService(make: Express, imnot: Imnot | null, place: 'before' | 'after'): Promise<Server> {
  const app = make()
  app.use((request, response, next) => {
    response.setHeader('x-seen', `${request.method} ${request.url}`)
    next()
  })
  if (imnot !== null && place === 'before') app.use(imnotExpress(imnot))
  app.use(make.json({ limit: sixMegabytes }))
  app.use(make.urlencoded({ extended: true, limit: sixMegabytes }))
  if (imnot !== null && place === 'after') app.use(imnotExpress(imnot))

  const router = make.Router()
  router.post('/small', make.text({ type: '*/*', limit: 10_000 }), (request, response) => {
    response.send(String(request.body))
  })
  router.post('/raw', make.raw({ type: '*/*', limit: sixMegabytes }), (request, response) => {
    response.type('application/octet-stream').send(Buffer.isBuffer(request.body) ? request.body : 'no bytes')
  })
  router.all('/echo', (request, response) => {
    response.json({ body: request.body ?? null, query: request.query, url: request.originalUrl, base: request.baseUrl })
  })
  router.get('/items/:id', (request, response) => {
    response.cookie('a', '1').cookie('b', '2').json({ id: request.params.id })
  })
  router.all('/boom', () => {
    throw new Error('boom')
  })
  app.use('/api', router)
  app.get('/healthz', (_request, response) => {
    response.json({ healthy: 'host' })
  })
  const onError: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(error.status ?? 500).json({ error: error.message, type: error.type ?? null })
  }
  app.use(onError)
  return listening(createServer(app))
}

async function fastifyService(imnot: Imnot | null): Promise<Server> {
  const app = fastify({ bodyLimit: sixMegabytes })
  app.addHook('onRequest', async (request, reply) => void reply.header('x-seen', `${request.method} ${request.url}`))
  if (imnot !== null) await app.register(imnotFastify, { imnot })
  app.addHook('onSend', async (_request, reply, payload) => {
    reply.header('x-sent', typeof payload)
    return payload
  })
  app.addContentTypeParser('application/xml', { parseAs: 'string' }, (_request, body, done) =>
    done(null, { xml: body }),
  )
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )

  const schema = { body: { type: 'object', required: ['n'], properties: { n: { type: 'integer', maximum: 1000 } } } }
  await app.register(
    async (api) => {
      api.post('/checked', { schema }, async (request) => request.body)
      api.post('/small', { bodyLimit: 10_000 }, async (request) => ({ body: request.body }))
      api.post('/raw', async (request) => (Buffer.isBuffer(request.body) ? request.body : 'no bytes'))
      api.route({
        method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
        url: '/echo',
        handler: async (request) => ({ body: request.body ?? null, query: request.query, url: request.url }),
      })
      api.get('/items/:id', async (request, reply) => {
        reply.header('set-cookie', ['a=1', 'b=2'])
        return request.params
      })
      api.all('/boom', async () => {
        throw new Error('boom')
      })
      api.setNotFoundHandler(async (request, reply) => reply.code(404).send({ nothing: request.url, in: 'api' }))
      api.get('/files/*', async (request) => request.params)
    },
    { prefix: '/api' },
  )
  app.get('/healthz', async () => ({ healthy: 'host' }))
  app.get('/*', async (request) => ({ wildcard: request.url }))
  app.setNotFoundHandler(async (request, reply) => reply.code(404).send({ nothing: request.url }))
  app.setErrorHandler(async (error, _request, reply) => {
    const { statusCode = 500, message, code = null } = error as Error & { statusCode?: number; code?: string }
    return reply.code(statusCode).send({ error: message, code })
  })
  await app.listen()
  return app.server
}

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
