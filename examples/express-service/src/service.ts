import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { fetchReservation } from './acme.ts'

export interface ServiceOptions {
  /** Where ACME is: the partner itself in production. */
  readonly acmeUrl: string
  /** What answers for ACME below /mock, where there is no ACME. */
  readonly mock?: RequestHandler
}

/** Keeps reservations that it gets from ACME. */
export function createService({ acmeUrl, mock }: ServiceOptions) {
  const reservations = new Map<string, string>()
  const app = express()
  if (mock !== undefined) app.use('/mock', mock)
  app.use(express.json())

  app.post('/reservations', async (request, response) => {
    const { name } = request.body as { name: string }
    reservations.set(name, await fetchReservation(acmeUrl))
    response.status(201).json({ name })
  })
  app.get('/reservations/:name', (request, response) => {
    response.type('json').send(reservations.get(request.params.name) ?? '{}')
  })

  const answerError: ErrorRequestHandler = (error: Error, _request, response, _next) => {
    response.status(502).json({ error: error.message })
  }
  return app.use(answerError)
}
