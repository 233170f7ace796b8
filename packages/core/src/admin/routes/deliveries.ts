import { type DeliveryValue, describeDelivery } from '../../deliveries/delivery-record.ts'
import type { EngineResponse } from '../../http/messages.ts'
import { refuse, respondJson } from '../../http/respond.ts'
import type { AdminServices } from '../admin.ts'
import type { AdminRequest, AdminRoute } from '../admin-route.ts'
import { scopeOf } from '../scope-of.ts'

export function deliveryRoutes({ deliveries, sessions }: AdminServices): AdminRoute[] {
  /** The delivery, if it is there and the caller's to see. */
  async function findFor(request: AdminRequest, id: string): Promise<DeliveryValue | null> {
    const found = (await deliveries.find(id))?.value ?? null
    return request.tokenSession !== null && found?.session !== request.tokenSession ? null : found
  }

  return [
    {
      method: 'GET',
      path: '/imnot/admin/deliveries',
      summary: 'Callbacks that were owed, with every attempt; newest first',
      access: 'session',
      query: { session: 'Only those of this session, by id or label; empty for those of no session' },
      answers: { 200: 'A list of deliveries', 404: 'No such session' },
      async handle(request) {
        const named = request.query.get('session')
        if (named === '' && request.tokenSession === null) {
          return respondJson(200, (await deliveries.list({ session: null })).map(describeDelivery))
        }
        const scope = await scopeOf(request, sessions, named === '' ? null : named)
        if ('refusal' in scope) return scope.refusal
        const filter = scope.session === null ? {} : { session: scope.session }
        return respondJson(200, (await deliveries.list(filter)).map(describeDelivery))
      },
    },
    {
      method: 'GET',
      path: '/imnot/admin/deliveries/{delivery_id}',
      summary: 'One callback, with every attempt',
      access: 'session',
      answers: { 200: 'The delivery', 404: 'There is none of this id' },
      async handle(request) {
        const { delivery_id: id = '' } = request.params
        const found = await findFor(request, id)
        return found === null ? refuseUnknown(id) : respondJson(200, describeDelivery(found))
      },
    },
    {
      method: 'POST',
      path: '/imnot/admin/deliveries/{delivery_id}/redeliver',
      summary: 'Send a callback again, with all its retries',
      access: 'session',
      query: { payload: '`current` sends the payload of now, `same` (the default) the bytes of before' },
      answers: { 202: 'Owed anew', 400: 'Neither `current` nor `same`', 404: 'There is none of this id' },
      async handle(request) {
        const { delivery_id: id = '' } = request.params
        const payload = request.query.get('payload') ?? 'same'
        if (payload !== 'same' && payload !== 'current') {
          return refuse(400, `payload is "same" or "current", not "${payload}".`)
        }
        if ((await findFor(request, id)) === null) return refuseUnknown(id)
        const value = await deliveries.redeliver(id, payload === 'same' ? 'same-bytes' : 'current-payload')
        return value === null ? refuseUnknown(id) : respondJson(202, describeDelivery(value))
      },
    },
    {
      method: 'POST',
      path: '/imnot/admin/{partner}/{datapoint}/callback/{request_id}/retrigger',
      summary: 'Send a callback again with the payload of now, by the id that the consumer got',
      access: 'session',
      answers: { 200: 'Owed anew', 404: 'There is none of this id' },
      async handle(request) {
        const { partner, datapoint, request_id: id = '' } = request.params
        const found = await findFor(request, id)
        const isHere = found?.partner === partner && found?.datapoint === datapoint
        const value = isHere ? await deliveries.redeliver(id, 'current-payload') : null
        if (value === null)
          return refuse(
            404,
            `Unknown request_id: ${id}; GET /imnot/admin/deliveries lists the callbacks of ${partner}/${datapoint}.`,
          )
        return respondJson(200, { status: 'dispatched', request_id: id })
      },
    },
  ]
}

function refuseUnknown(id: string): EngineResponse {
  return refuse(404, `Delivery '${id}' not found; GET /imnot/admin/deliveries and \`imnot deliveries list\` show them.`)
}
