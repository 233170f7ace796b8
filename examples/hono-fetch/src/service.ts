import { Hono } from 'hono'

type Fetch = (url: string) => Promise<Response>

export interface ServiceOptions {
  /** Where the rates are: the partner itself in production. */
  readonly ratesUrl: string
  /** @default the global one */
  readonly fetch?: Fetch
  /** What answers for the rates below /mock, where there are none. */
  readonly mock?: (request: Request) => Promise<Response>
}

/** Converts amounts by the rates of a partner. */
export function createService({ ratesUrl, fetch = globalThis.fetch, mock }: ServiceOptions): Hono {
  const service = new Hono()
  if (mock !== undefined) service.all('/mock/*', (context) => mock(context.req.raw))

  service.get('/convert/:amount/:currency', async (context) => {
    const { amount, currency } = context.req.param()
    const latest = await fetch(`${ratesUrl}/latest`)
    if (!latest.ok) return context.json({ error: await latest.text() }, 502)
    const rates = (await latest.json()) as Record<string, number>
    return context.json({ amount: Number(amount) * (rates[currency] ?? Number.NaN), currency })
  })
  return service
}
