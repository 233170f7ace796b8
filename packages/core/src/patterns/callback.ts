import { randomUUID } from 'node:crypto'
import type { CallbackDatapoint } from '@imnot/schema'
import { attemptsOfDelivery, type DeliveryValue, putDelivery } from '../deliveries/delivery-record.ts'
import { withValueAt } from '../flows/id-template.ts'
import type { Exchange } from '../handling/exchange.ts'
import { flatHeaders, withType } from '../http/declared-response.ts'
import { refuse, respondJson, respondJsonText } from '../http/respond.ts'
import type { JsonValue } from '../ports/storage.ts'
import { putOwner } from '../sessions/owners.ts'
import { dueBy } from '../time/due.ts'
import { behaviourOf, type CompileContext } from './pattern.ts'

type Context = CompileContext<CallbackDatapoint>

/** Accepts, answers at once, and owes one delivery of the payload to the URL that the request names. */
export const callbackBehaviour = behaviourOf<CallbackDatapoint>('callback', (context) => {
  const { partner, datapoint, endpoint } = context
  const { response } = endpoint
  const callbackUrl = urlSource(context)
  const answer = answerOf(context)
  return {
    readsBody: response.callback_url_field !== undefined,
    readsPayload: true,
    plan(exchange, { now, clock, session, payload }) {
      const url = callbackUrl(exchange)
      if (typeof url !== 'string') return { answer: refuse(400, url.detail), refusedBy: 'invalid' }
      const id = randomUUID()
      const delivery: DeliveryValue = {
        id,
        partner,
        datapoint: datapoint.name,
        session: session?.value.id ?? null,
        method: response.callback_method,
        url,
        contentType: payload?.value.contentType ?? null,
        status: 'pending',
        attemptsLeft: attemptsOfDelivery,
        attempts: [],
        createdAt: now,
        due: dueBy(clock, clock.now + response.callback_delay_seconds * 1000),
      }
      const operations = [putDelivery(delivery, payload?.body ?? null, 'absent'), ...putOwner(delivery)]
      return { answer: answer(id), operations }
    },
  }
})

function urlSource({ endpoint }: Context): (exchange: Exchange) => string | { readonly detail: string } {
  const { callback_url_field: field, callback_url_header: header } = endpoint.response
  const place = field === undefined ? `header '${header}'` : `field '${field}' in request body`
  return (exchange) => {
    const found = field === undefined ? exchange.header(header ?? '') : exchange.bodyValue(field)
    if (typeof found !== 'string' || found === '') {
      return { detail: `Missing required ${place}; it must hold the URL to call back, as text.` }
    }
    const url = URL.canParse(found) ? new URL(found) : null
    if (url?.protocol === 'http:' || url?.protocol === 'https:') return found
    return {
      detail: `The ${place} holds no http or https URL; send an absolute one such as http://127.0.0.1:9000/hook.`,
    }
  }
}

/** The declared body, if it is an object or there is none, with the `request_id` in it. */
function answerOf({ endpoint }: Context) {
  const { status, body, content_type: type = 'application/json', headers } = endpoint.response
  const declared = flatHeaders(headers)
  if (typeof body === 'string' || Array.isArray(body)) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return () => respondJsonText(status, text, withType(declared, type))
  }
  return (id: string) => respondJson(status, withValueAt(body, 'request_id', id) as JsonValue, withType(declared, type))
}
