import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Webhook {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A receiver of webhooks that is there until the test is over; `next` gives them in the order in which they came. */
export async function receiveWebhooks(): Promise<{ readonly url: string; next(): Promise<Webhook> }> {
  const arrived: Webhook[] = []
  const waiting: ((webhook: Webhook) => void)[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const webhook = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') }
    response.writeHead(200).end()
    const take = waiting.shift()
    if (take === undefined) arrived.push(webhook)
    else take(webhook)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const next = () =>
    new Promise<Webhook>((resolve) => {
      const webhook = arrived.shift()
      if (webhook === undefined) waiting.push(resolve)
      else resolve(webhook)
    })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, next }
}
