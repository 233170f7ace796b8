import { isRefusal } from '../../answers/refusal.ts'
import { describeFlow, type FlowValue, type Steering } from '../../flows/flow-record.ts'
import type { FlowFilter } from '../../flows/flow-store.ts'
import type { EngineResponse } from '../../http/messages.ts'
import { refuse, respondJson } from '../../http/respond.ts'
import type { AdminServices } from '../admin.ts'
import type { AdminRequest, AdminRoute } from '../admin-route.ts'
import { scopeOf } from '../scope-of.ts'

const query = {
  partner: 'Only flows of this partner',
  datapoint: 'Only flows of this datapoint',
  session: 'Only flows of this session, by id or label; empty for those of no session',
}

export function flowRoutes({ flows, sessions, steer }: AdminServices): AdminRoute[] {
  async function filterOf(request: AdminRequest): Promise<{ filter: FlowFilter } | { refusal: EngineResponse }> {
    const named = request.query.get('session')
    const partner = request.query.get('partner') ?? undefined
    const datapoint = request.query.get('datapoint') ?? undefined
    if (named === '' && request.tokenSession === null) return { filter: { partner, datapoint, session: null } }
    const scope = await scopeOf(request, sessions, named === '' ? null : named)
    if ('refusal' in scope) return scope
    return { filter: { partner, datapoint, session: scope.session ?? undefined } }
  }

  async function findOne(
    request: AdminRequest,
  ): Promise<{ readonly flow: FlowValue } | { readonly refusal: EngineResponse }> {
    const { flow_id: id = '' } = request.params
    const filtered = await filterOf(request)
    if ('refusal' in filtered) return filtered
    const [flow, ...others] = await flows.find(id, filtered.filter)
    if (flow === undefined) return { refusal: refuseUnknown(id) }
    if (others.length === 0) return { flow }
    const count = others.length + 1
    return {
      refusal: refuse(409, `${count} flows have the id '${id}'; name one by its partner, datapoint and session.`),
    }
  }

  return [
    {
      method: 'GET',
      path: '/imnot/admin/flows',
      summary: 'Flows, newest first',
      access: 'session',
      query,
      answers: { 200: 'A list of flows', 404: 'No such session' },
      async handle(request) {
        const filtered = await filterOf(request)
        if ('refusal' in filtered) return filtered.refusal
        return respondJson(200, (await flows.list(filtered.filter)).map(describeFlow))
      },
    },
    {
      method: 'GET',
      path: '/imnot/admin/flows/{flow_id}',
      summary: 'One flow',
      access: 'session',
      query,
      answers: { 200: 'The flow', 404: 'There is none of this id', 409: 'There are several of this id' },
      async handle(request) {
        const found = await findOne(request)
        return 'flow' in found ? respondJson(200, describeFlow(found.flow)) : found.refusal
      },
    },
    ...steerings.map(
      ([how, summary]): AdminRoute => ({
        method: 'POST',
        path: `/imnot/admin/flows/{flow_id}/${how}`,
        summary,
        access: 'session',
        query,
        answers: {
          200: 'The flow as it is now',
          404: 'There is none of this id',
          409: 'There are several of this id, or a state could not be entered',
        },
        async handle(request) {
          const found = await findOne(request)
          if ('refusal' in found) return found.refusal
          const steered = await steer(found.flow, how)
          if (steered === null) return refuseUnknown(found.flow.id)
          return isRefusal(steered) ? refuse(409, steered.detail) : respondJson(200, describeFlow(steered))
        },
      }),
    ),
  ]
}

const steerings: readonly (readonly [Steering, string])[] = [
  ['complete', 'Run one flow on to a state that stays, and answer nothing as pending any more'],
  ['hold', 'Keep one flow where it is: neither polls nor time take it further'],
  ['fail', 'Refuse every request for one flow, in the shape of errors.failed'],
]

function refuseUnknown(id: string): EngineResponse {
  return refuse(404, `Flow '${id}' not found; GET /imnot/admin/flows and \`imnot flows list\` show them.`)
}
