import { type ImnotFastifyOptions, imnotFastify } from '@imnot/fastify'
import Fastify from 'fastify'
import { fetchBooking } from './lodge.ts'

export interface ServiceOptions {
  /** Where LODGE is: the partner itself in production. */
  readonly lodgeUrl: () => string
  /** What answers for LODGE below /mock, where there is no LODGE. */
  readonly imnot?: ImnotFastifyOptions['imnot']
}

const noteSchema = {
  body: {
    type: 'object',
    required: ['text'],
    additionalProperties: false,
    properties: { text: { type: 'string', maxLength: 100 } },
  },
}

/** Shows the booking that LODGE has, and keeps a note on it. */
export async function createService({ lodgeUrl, imnot }: ServiceOptions) {
  const service = Fastify()
  if (imnot !== undefined) await service.register(imnotFastify, { imnot, prefix: '/mock' })

  let note: unknown = null
  service.post('/note', { schema: noteSchema }, async (request, reply) => {
    note = request.body
    return reply.code(204).send()
  })
  service.get('/booking', async () => ({ booking: await fetchBooking(lodgeUrl()), note }))
  service.setNotFoundHandler((request, reply) => reply.code(404).send({ error: `no ${request.url} here` }))
  return service
}
