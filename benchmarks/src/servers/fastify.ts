import fastify from 'fastify'
import { listen } from './listen.ts'

/** Fastify with one route and no schema. */
export async function fastifyAnswer(): Promise<void> {
  const app = fastify()
  app.get('/hello', async () => ({ status: 'ok', items: [1, 2, 3] }))
  await app.ready()
  listen(app.server)
}
