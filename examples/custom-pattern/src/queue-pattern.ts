import { definePattern, refusal } from '@imnot/core'
import { oneOf, wholeNumber } from '@imnot/schema'

/** Partners that keep messages until they are fetched: what is put is taken once, in the order in which it came. */
export const queuePattern = definePattern({
  name: 'queue',
  summary: 'A queue of messages: each that was put is taken once, the oldest first.',
  datapoint: {
    capacity: wholeNumber('a whole number, at least 1', { min: 1 })
      .default(1000)
      .describe('How many messages may wait.'),
  },
  endpoint: {
    does: oneOf(['put', 'take']).describe(
      'Whether a request puts its body into the queue, or takes the oldest message.',
    ),
  },

  checkDatapoint({ endpoints }) {
    if (endpoints.length > 1) return []
    const message = 'A queue needs at least two endpoints: one that does "put", and one that does "take".'
    return [{ code: 'too-few-endpoints', message, path: ['endpoints'] }]
  },

  // Called once for each endpoint, when the definition is loaded.
  compile({ datapoint, endpoint, answer, key }) {
    const response = answer()
    return {
      readsBody: endpoint.does === 'put' || response.readsBody,
      // Read in the one storage call that a request makes anyway.
      keys: (scope) => [key(scope, 'messages')],
      // Says what is to be answered and written, and does neither: it is asked again when another request was faster.
      async plan(moment) {
        const { exchange, situation } = moment
        const stored = situation.record(key(situation.scope, 'messages'))
        const messages = readMessages(stored?.body)
        if (endpoint.does === 'put' && messages.length >= datapoint.capacity) {
          return {
            answer: refusal('conflict', `The queue holds ${datapoint.capacity} messages already; take one first.`),
          }
        }
        if (endpoint.does === 'take' && messages.length === 0) {
          return { answer: refusal('not_found', 'No message waits in the queue; put one first.') }
        }
        const [first, ...others] = messages
        const message = endpoint.does === 'put' ? exchange.view.body : first
        const next = endpoint.does === 'put' ? [...messages, message ?? null] : others
        return {
          answer: await response.of(moment, { record: () => ({ message, waiting: next.length }) }),
          operations: [
            {
              type: 'put',
              key: key(situation.scope, 'messages'),
              // What consumers sent is kept as bytes, so that encryption covers it.
              value: { count: next.length },
              body: new TextEncoder().encode(JSON.stringify(next)),
              expect: stored?.version ?? 'absent',
            },
          ],
        }
      },
    }
  },
})

function readMessages(body: Uint8Array | undefined): readonly unknown[] {
  return body === undefined ? [] : (JSON.parse(new TextDecoder().decode(body)) as readonly unknown[])
}
