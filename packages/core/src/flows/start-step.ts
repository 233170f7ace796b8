import type { AsyncDatapoint } from '@imnot/schema'
import { isRefusal, type Refusal, refusal } from '../answers/refusal.ts'
import type { Moment } from '../handling/moment.ts'
import { requestScope } from '../handling/scope-of-request.ts'
import type { Situation } from '../handling/situation.ts'
import { compileId } from '../ids/compile-id.ts'
import { makeId } from '../ids/make-id.ts'
import { keys } from '../keys.ts'
import type { CompileContext, EndpointBehaviour } from '../patterns/pattern.ts'
import { readsBody } from '../rendering/renderer.ts'
import { putOwner } from '../sessions/owners.ts'
import { compileFinish, finish } from './finish.ts'
import { compileFlowAnswer } from './flow-answer.ts'
import { noData } from './flow-data.ts'
import { withDue } from './flow-due.ts'
import type { FlowValue } from './flow-record.ts'
import { newFlow } from './new-flow.ts'

/** A step that starts a flow. An id that the client chose is looked for as that of a flow would be, so that one read tells whether it is taken. */
export function compileStart(context: CompileContext<AsyncDatapoint>): EndpointBehaviour {
  const { partner, datapoint, endpoint, machine, options, services } = context
  const answer = compileFlowAnswer(endpoint.response, services.storage, {
    ...options,
    stateField: datapoint.state_field,
  })
  const ids = compileId(endpoint.response.id)
  const declared = compileFinish(context)
  const { chosenBy } = ids
  const name = `${partner}/${datapoint.name}`

  /** Counters may be lost, or not be in a copy of a session, where flows with their numbers are: those are passed over. */
  async function freeId(moment: Moment): Promise<string> {
    for (;;) {
      const id = await makeId(services.storage, ids, moment, [partner, datapoint.name])
      if (!ids.isCounted || id === '' || !(await isStored(id, moment.situation))) return id
    }
  }

  async function isStored(id: string, situation: Situation): Promise<boolean> {
    const [found = null] = await situation.read([keys.flow(situation.scope, id, partner, datapoint.name)])
    return found !== null
  }

  return {
    ...(chosenBy !== null && { flowId: (exchange) => chosenBy(requestScope(exchange)) || null }),
    readsPayload: machine?.readsPayload === true,
    readsBody: [answer, ids, ...(declared === null ? [] : [declared])].some(({ reads }) => readsBody(reads)),
    async plan(moment) {
      const { exchange, situation } = moment
      const { clock, session, scope } = situation
      const id = await freeId(moment)
      if (id === '') return { answer: refuseNoId(name) }
      // What a client chooses was looked for with the rest; an id of other values, such as `now`, may be taken as well.
      const mayRecur = !ids.isDrawn && chosenBy === null
      if (isTaken(situation) || (mayRecur && (await isStored(id, situation))))
        return { answer: refuseTakenId(name, id, situation) }
      const value: FlowValue = {
        ...newFlow(id, { partner, datapoint: datapoint.name, session: session?.value.id ?? null }, situation),
        ...(ids.isNumber && { hasNumber: true }),
        done: endpoint.step === undefined ? [] : [endpoint.step],
        ...(datapoint.expires !== undefined && { expiresAt: clock.now + datapoint.expires }),
      }
      const data = machine === null ? noData : { ...noData, base: exchange.baseUrl }
      const finished = await finish(declared, { value, data }, { key: null, moment })
      if (isRefusal(finished)) return { answer: finished }
      const { flow, operations, scope: seen } = finished
      const key = keys.flow(scope, id, partner, datapoint.name)
      return {
        answer: await answer.of(flow, { ...moment, scope: seen }),
        scope: seen,
        flow: { ...withDue(flow, clock, machine), key, expect: 'absent' },
        operations: [...operations, ...(ids.isUnguessable ? putOwner(value) : [])],
      }
    },
  }
}

/** A session may use an id that the global scope has, too. */
function isTaken({ flow, session }: Situation): boolean {
  return flow !== null && flow.value.session === (session?.value.id ?? null)
}

function refuseNoId(name: string): Refusal {
  return refusal('invalid', `The request names no id for the flow of ${name} that it starts; send one.`)
}

function refuseTakenId(name: string, id: string, { session }: Situation): Refusal {
  const where = session === null ? '' : ' in this session'
  return refusal('conflict', `There is a flow of ${name} with the id "${id}"${where} already; choose another id.`)
}
