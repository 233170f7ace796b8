import type { CallbackDatapoint } from '@imnot/schema'
import { compileAnswer } from '../answers/answer.ts'
import { refusal } from '../answers/refusal.ts'
import { renderAnswer } from '../answers/render-answer.ts'
import { putDelivery } from '../deliveries/delivery-record.ts'
import { owe } from '../deliveries/owe.ts'
import { callbackRetries } from '../deliveries/retry-policy.ts'
import { withValueAt } from '../flows/value-at.ts'
import type { Exchange } from '../handling/exchange.ts'
import type { Moment } from '../handling/moment.ts'
import { readsBody } from '../rendering/renderer.ts'
import { extendScope } from '../rendering/scope.ts'
import { putOwner } from '../sessions/owners.ts'
import { behaviourOf, type CompileContext } from './pattern.ts'

type Context = CompileContext<CallbackDatapoint>

/** Accepts, answers at once, and owes one delivery of the payload to the URL that the request names. */
export const callbackBehaviour = behaviourOf<CallbackDatapoint>('callback', (context) => {
  const { partner, datapoint, endpoint } = context
  const { response } = endpoint
  const callbackUrl = urlSource(context)
  const answer = answerOf(context)
  return {
    readsBody: response.callback_url_field !== undefined || readsBody(answer.reads),
    readsPayload: true,
    async plan(moment) {
      const { exchange } = moment
      const { now, clock, session, payload } = moment.situation
      const url = callbackUrl(exchange)
      if (typeof url !== 'string') return { answer: refusal('invalid', url.detail, { status: 400 }) }
      const owed = {
        partner,
        datapoint: datapoint.name,
        session: session?.value.id ?? null,
        method: response.callback_method,
        url,
        contentType: payload?.value.contentType ?? null,
        retry: callbackRetries,
        delayMs: response.callback_delay_seconds * 1000,
      }
      const delivery = owe(owed, clock, now)
      const operations = [putDelivery(delivery, payload?.body ?? null, 'absent'), ...putOwner(delivery)]
      return { answer: await answer.of(delivery.id, moment), operations }
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

/** The declared body; where it is an object, or there is none, with the `request_id` in it. */
function answerOf({ endpoint, options, services }: Context) {
  const { response } = endpoint
  const { body, body_file: file } = response
  const content_type = response.content_type ?? (file === undefined ? 'application/json' : undefined)
  const takesId = typeof body !== 'string' && !Array.isArray(body)
  const withId = takesId ? withValueAt(body, 'request_id', '{{ delivery.id }}') : body
  const answer = compileAnswer({ ...response, content_type, body: withId }, options)
  return {
    reads: answer.reads,
    of(id: string, moment: Moment) {
      const scope = extendScope(moment.scope, { delivery: () => ({ id }) })
      return renderAnswer(services.storage, answer, { ...moment, scope })
    },
  }
}
